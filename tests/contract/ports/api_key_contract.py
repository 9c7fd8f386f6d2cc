"""What every keeper of another company's key must do, as classes of tests to inherit. A subclass gives ``key``, whose
current one is "old", and ``rotate``, which makes "new" the one to be had from now on (fixtures)."""

from __future__ import annotations

from collections.abc import Callable

from sotto.core.api_keys import ApiKey


class ApiKeyContract:
    def test_the_key_stays_the_same_until_it_is_refused(self, key: ApiKey) -> None:
        assert [key.current() for _ in range(3)] == ["old"] * 3

    def test_a_refusal_of_another_key_changes_nothing(self, key: ApiKey) -> None:
        key.current()
        key.refused("one that was replaced long ago")
        assert key.current() == "old"

    def test_a_refused_key_stays_while_there_is_no_other(self, key: ApiKey) -> None:
        key.current()
        for _ in range(2):
            key.refused("old")
            assert key.current() == "old"


class RotatingKeyContract:
    def test_a_refused_key_is_replaced(self, key: ApiKey, rotate: Callable[[], None]) -> None:
        key.current()
        rotate()
        key.refused("old")
        assert key.current() == "new"

    def test_a_late_refusal_of_the_old_key_does_not_cost_the_new_one(
        self, key: ApiKey, rotate: Callable[[], None]
    ) -> None:
        key.current()
        rotate()
        for _ in range(2):
            key.refused("old")
        assert key.current() == "new"
