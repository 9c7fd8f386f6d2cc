"""What the stores of gaps must do: classes of tests to inherit. A subclass gives ``gaps`` or ``new_intents``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sotto.aws.keys import BadKey
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind, GroupState
from sotto.learning.gaps.ports import GapStore, GroupChanged, NewIntents
from tests.contract.ports.bad_ids import for_each_bad_id

NOW_MS = 1_790_000_000_000
INTENT, ARTICLE = GapKind.INTENT, GapKind.ARTICLE


def any_gap(**changed: Any) -> Gap:
    return replace(Gap("bank", "c1", "u1", INTENT, "i am going to spain on monday", NOW_MS, "always"), **changed)


def any_group(**changed: Any) -> GapGroup:
    made = GapGroup("bank", "g1", INTENT, ("going abroad",), 7, 6, "AAEC", NOW_MS, "card_lost", 0.4)
    return replace(made, **changed)


class GapsContract:
    def test_what_is_kept_is_found_by_its_place_its_contact_and_its_kind(self, gaps: GapStore) -> None:
        assert gaps.gap("bank", "c1", INTENT, "u1") is None
        asked = any_gap(kind=ARTICLE, id="question-5")
        for each in (any_gap(), asked):
            assert gaps.put(each) == each
        assert gaps.gap("bank", "c1", INTENT, "u1") == any_gap()
        assert list(gaps.gaps("bank", INTENT, 10)) == [any_gap()]
        assert list(gaps.gaps("bank", ARTICLE, 10)) == [asked]
        assert list(gaps.of_contact("bank", "c1")) == [asked, any_gap()]
        assert not gaps.gaps("garage", INTENT, 10) and not gaps.of_contact("garage", "c1")

    def test_the_latest_come_first_whatever_their_group_and_a_groups_own_are_found_by_it(self, gaps: GapStore) -> None:
        for place, group in enumerate(("g2", "", "g1", "g2")):
            gaps.put(any_gap(contact_id=f"c{place}", at_ms=NOW_MS + place, group=group))
        assert [each.contact_id for each in gaps.gaps("bank", INTENT, 3)] == ["c3", "c2", "c1"]
        assert [each.contact_id for each in gaps.of_group("bank", INTENT, "g2", 10)] == ["c3", "c0"]
        assert [each.contact_id for each in gaps.of_group("bank", INTENT, "g2", 1)] == ["c3"]
        assert not gaps.of_group("bank", ARTICLE, "g2", 10) and not gaps.of_group("garage", INTENT, "g2", 10)

    def test_a_new_one_that_is_there_already_stays_and_a_changed_one_goes_to_its_group(self, gaps: GapStore) -> None:
        gaps.put(any_gap())
        assert gaps.put(any_gap(text="something else")) == any_gap()
        moved = any_gap(group="g1", version=2)
        assert gaps.put(moved) == moved
        assert gaps.put(any_gap(group="g9", version=2)) == moved, "somebody was faster"
        assert list(gaps.of_group("bank", INTENT, "g1", 5)) == [moved] == list(gaps.gaps("bank", INTENT, 5))

    def test_what_is_removed_is_gone_twice_too_and_a_change_does_not_bring_it_back(self, gaps: GapStore) -> None:
        gaps.put(any_gap())
        gaps.put(any_gap(group="g1", version=2))
        for _ in range(2):
            gaps.remove(any_gap())
        gaps.put(any_gap(group="g2", version=3))
        assert gaps.gap("bank", "c1", INTENT, "u1") is None
        assert not gaps.gaps("bank", INTENT, 5) and not gaps.of_group("bank", INTENT, "g1", 5)

    def test_a_group_is_kept_and_changed_by_one_at_a_time(self, gaps: GapStore) -> None:
        assert gaps.group("bank", INTENT, "g1") is None
        gaps.save_group(any_group())
        ignored = any_group(state=GroupState.IGNORED, version=2)
        assert gaps.save_group(ignored) == ignored == gaps.group("bank", INTENT, "g1")
        for late in (any_group(), any_group(version=2)):
            with pytest.raises(GroupChanged):
                gaps.save_group(late)
        gaps.save_group(any_group(id="g0"))
        assert [each.id for each in gaps.groups("bank", INTENT)] == ["g0", "g1"]
        assert not gaps.groups("bank", ARTICLE) and not gaps.groups("garage", INTENT)

    def test_a_group_that_somebody_changed_meanwhile_is_not_removed(self, gaps: GapStore) -> None:
        gaps.save_group(any_group())
        gaps.save_group(any_group(version=2))
        gaps.remove_group(any_group())
        assert gaps.group("bank", INTENT, "g1") is not None
        for _ in range(2):
            gaps.remove_group(any_group(version=2))
        assert gaps.group("bank", INTENT, "g1") is None

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(self, gaps: GapStore, tenant: str, contact_id: str) -> None:
        with pytest.raises(BadKey):
            gaps.put(any_gap(tenant=tenant, contact_id=contact_id))
        with pytest.raises(BadKey):
            gaps.gap(tenant, contact_id, INTENT, "u1")


class NewIntentsContract:
    def test_names_are_kept_by_tenant_once(self, new_intents: NewIntents) -> None:
        assert list(new_intents.names("bank")) == []
        for tenant, name in (
            ("bank", "travel_notice"),
            ("bank", "apple_pay"),
            ("garage", "tyres"),
            ("bank", "apple_pay"),
        ):
            new_intents.add(tenant, name, "sue", NOW_MS)
        assert list(new_intents.names("bank")) == ["apple_pay", "travel_notice"]
        with pytest.raises(BadKey):
            new_intents.add("Bank#", "x", "sue", NOW_MS)
