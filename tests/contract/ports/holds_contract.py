"""What every store of legal holds must do, as a class of tests to inherit. A subclass gives ``holds`` (a fixture): a
HoldStore, and so a Holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.aws.keys import BadKey
from sotto.core.subject_data import Holds
from sotto.erasure.hold import Hold, HoldStore
from tests.contract.ports.bad_ids import for_each_bad_id

HOLD = Hold("bank", "c1", "2026/441", "lawyer", 1_790_000_000_000)


class HoldsContract:
    def test_a_contact_is_held_from_its_hold_to_its_release(self, holds: HoldStore) -> None:
        assert not holds.is_held("bank", "c1")
        assert holds.place(HOLD) == HOLD and holds.is_held("bank", "c1")
        assert holds.release("bank", "c1") and not holds.is_held("bank", "c1")
        assert not holds.release("bank", "c1")

    def test_who_only_asks_sees_the_same(self, holds: HoldStore) -> None:
        asked: Holds = holds
        holds.place(HOLD)
        assert asked.is_held("bank", "c1") and not asked.is_held("bank", "c2")

    def test_the_first_hold_of_a_contact_stands(self, holds: HoldStore) -> None:
        holds.place(HOLD)
        assert holds.place(replace(HOLD, matter="another")) == HOLD
        assert list(holds.holds("bank")) == [HOLD]

    def test_holds_are_listed_by_contact_and_of_one_tenant(self, holds: HoldStore) -> None:
        all_of = [HOLD, replace(HOLD, contact_id="c0"), replace(HOLD, tenant="garage")]
        for each in all_of:
            holds.place(each)
        assert [each.contact_id for each in holds.holds("bank")] == ["c0", "c1"]
        assert not holds.is_held("garage", "c0")

    def test_what_is_postponed_is_remembered_until_it_is_forgotten(self, holds: HoldStore) -> None:
        holds.postpone("bank", "c1")
        holds.postpone("bank", "c1")
        assert holds.postponed("bank", "c1") and not holds.postponed("garage", "c1")
        assert not holds.is_held("bank", "c1")
        holds.forget_postponed("bank", "c1")
        assert not holds.postponed("bank", "c1")

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, holds: HoldStore, tenant: str, contact_id: str
    ) -> None:
        for use in (holds.is_held, holds.release, holds.postpone, holds.postponed, holds.forget_postponed):
            with pytest.raises(BadKey):
                use(tenant, contact_id)
        with pytest.raises(BadKey):
            holds.place(replace(HOLD, tenant=tenant, contact_id=contact_id))
