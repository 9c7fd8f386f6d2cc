"""What every store of shared moments must do: a class of tests to inherit, which is given ``shared`` (a fixture)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sotto.api.coaching.shared import SharedMomentChanged, SharedMoments
from sotto.aws.keys import BadKey
from sotto.call.shared_moment import SharedMoment
from tests.contract.ports.bad_ids import for_each_bad_id

NOW_MS = 1_790_000_000_000


def share_id(n: int) -> str:
    return f"share-{n:032x}"


def any_moment(n: int = 1, **changed: Any) -> SharedMoment:
    made = SharedMoment(
        "bank", "c1", share_id(n), "cleo", "Cleo Park", "emma", "service", "Well put.",
        from_ms=1_000, until_ms=9_000, first_seq=2, last_seq=4, shared_at_ms=NOW_MS + n,
    )  # fmt: skip
    return replace(made, **changed)


class SharedMomentsContract:
    def test_of_what_nobody_shared_there_is_nothing(self, shared: SharedMoments) -> None:
        assert shared.moment("bank", "c1", share_id(1)) is None
        assert not shared.of_contact("bank", "c1") and not shared.rows("bank", limit=9)
        assert not shared.rows("bank", agent="emma", limit=9)

    def test_it_is_kept_as_it_is_and_of_two_with_one_id_the_first(self, shared: SharedMoments) -> None:
        first = any_moment()
        assert shared.add(first) == first
        assert shared.add(any_moment(comment="Other words.", shared_at_ms=NOW_MS + 99)) == first
        assert shared.moment("bank", "c1", first.id) == first
        assert len(shared.rows("bank", limit=9)) == len(shared.rows("bank", agent="emma", limit=9)) == 1

    def test_what_became_of_it_replaces_it_and_of_two_who_write_at_once_one_is_refused(
        self, shared: SharedMoments
    ) -> None:
        first = shared.add(any_moment())
        seen = replace(first, acknowledged_at_ms=NOW_MS + 500, answer="Thank you.", version=2)
        shared.replace(seen)
        assert shared.moment("bank", "c1", first.id) == seen
        with pytest.raises(SharedMomentChanged):
            shared.replace(replace(first, acknowledged_at_ms=NOW_MS + 600, version=2))
        with pytest.raises(SharedMomentChanged):
            shared.replace(any_moment(7, version=2))
        assert shared.of_contact("bank", "c1") == [seen]

    def test_lists_begin_with_the_latest_and_go_on_where_a_page_ended(self, shared: SharedMoments) -> None:
        for n in (2, 1, 3):
            shared.add(any_moment(n, contact_id=f"c{n}", agent="emma" if n < 3 else "tom"))
        first = shared.rows("bank", limit=2)
        assert [(each.id, each.contact_id, each.agent, each.team) for each in first] == [
            (share_id(3), "c3", "tom", "service"),
            (share_id(2), "c2", "emma", "service"),
        ]
        rest = shared.rows("bank", before=first[-1].place, limit=2)
        assert [each.id for each in rest] == [share_id(1)]
        assert [each.id for each in shared.rows("bank", agent="emma", limit=9)] == [share_id(2), share_id(1)]

    def test_one_without_a_team_is_listed_as_such(self, shared: SharedMoments) -> None:
        shared.add(any_moment(team=None))
        assert [each.team for each in shared.rows("bank", limit=9)] == [None]

    def test_calls_agents_and_tenants_are_kept_apart(self, shared: SharedMoments) -> None:
        for each in (any_moment(1), any_moment(2, contact_id="c2"), any_moment(3, tenant="garage", agent="tom")):
            shared.add(each)
        assert [each.id for each in shared.of_contact("bank", "c1")] == [share_id(1)]
        assert shared.moment("garage", "c1", share_id(1)) is None
        assert not shared.rows("garage", agent="emma", limit=9)
        assert [each.id for each in shared.rows("garage", limit=9)] == [share_id(3)]

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, shared: SharedMoments, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            shared.add(any_moment(tenant=tenant, contact_id=contact_id))
        with pytest.raises(BadKey):
            shared.of_contact(tenant, contact_id)
        with pytest.raises(BadKey):
            shared.moment(tenant, contact_id, share_id(1))
