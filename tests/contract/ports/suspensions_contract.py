"""What every Suspensions must do, as a class of tests to inherit. A subclass gives ``suspensions`` (a fixture)."""

from __future__ import annotations

import pytest

from sotto.recordings.suspension.guard import Suspension, SuspensionChanged, Suspensions

FIRST = Suspension("bank", "c1", 1_000, 1_000, 61_000)
RENEWED = Suspension("bank", "c1", 21_000, 1_000, 81_000)
RESUMED = Suspension("bank", "c1", 30_000)


class SuspensionsContract:
    def test_what_nobody_suspended_is_none(self, suspensions: Suspensions) -> None:
        assert suspensions.suspension("bank", "c1") is None
        assert list(suspensions.overdue("bank", 10**12, 10)) == []

    def test_each_change_replaces_the_one_that_was_read(self, suspensions: Suspensions) -> None:
        suspensions.store(FIRST, before=None)
        suspensions.store(RENEWED, before=FIRST)
        assert suspensions.suspension("bank", "c1") == RENEWED
        assert suspensions.suspension("garage", "c1") is None

    @pytest.mark.parametrize("before", [None, FIRST])
    def test_and_no_other(self, suspensions: Suspensions, before: Suspension | None) -> None:
        suspensions.store(FIRST, before=None)
        suspensions.store(RENEWED, before=FIRST)
        with pytest.raises(SuspensionChanged):
            suspensions.store(RESUMED, before=before)
        assert suspensions.suspension("bank", "c1") == RENEWED

    def test_what_holds_no_longer_is_found_the_oldest_first_and_never_twice(self, suspensions: Suspensions) -> None:
        suspensions.store(FIRST, before=None)
        suspensions.store(RENEWED, before=FIRST)
        other = Suspension("bank", "c2", 2_000, 2_000, 62_000)
        suspensions.store(other, before=None)
        suspensions.store(Suspension("garage", "c3", 1, 1, 2), before=None)
        assert list(suspensions.overdue("bank", 61_999, 10)) == []
        assert list(suspensions.overdue("bank", 81_000, 10)) == [other, RENEWED]
        assert list(suspensions.overdue("bank", 81_000, 1)) == [other]

    def test_what_is_resumed_is_overdue_no_more_and_known_still(self, suspensions: Suspensions) -> None:
        suspensions.store(FIRST, before=None)
        suspensions.store(RESUMED, before=FIRST)
        assert list(suspensions.overdue("bank", 10**12, 10)) == []
        assert suspensions.suspension("bank", "c1") == RESUMED

    def test_what_is_forgotten_is_overdue_no_more(self, suspensions: Suspensions) -> None:
        suspensions.store(FIRST, before=None)
        suspensions.forget(FIRST)
        suspensions.forget(RESUMED)
        assert list(suspensions.overdue("bank", 10**12, 10)) == []
