"""What every store that calls are erased from must do, as a class of tests to inherit.

A subclass gives ``erasures``, ``put``, which stores something that was made of a call, by a name of its own, and
``events``, which says the names of the events that are stored about the bank's contact c1 (fixtures).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sotto.aws.keys import BadKey
from sotto.contacts.erase import Erasure, StoredCall
from tests.contract.ports.bad_ids import for_each_bad_id

NOW_MS = 1_790_000_000_000
ERASURE = Erasure("bank", "c1", NOW_MS, NOW_MS + 20_000, 4)
Put = Callable[[str, str, str], None]
Events = Callable[[], list[str]]


class ErasuresContract:
    def test_everything_of_the_call_goes_and_is_counted(self, erasures: StoredCall, put: Put) -> None:
        for name in ("one", "two", "three"):
            put("bank", "c1", name)
        assert erasures.drop("bank", "c1") == 3
        assert erasures.drop("bank", "c1") == 0

    def test_nothing_of_another_call_goes(self, erasures: StoredCall, put: Put) -> None:
        for of in (("bank", "c1"), ("bank", "c10"), ("garage", "c1")):
            put(*of, "one")
        assert erasures.drop("bank", "c1") == 1
        assert erasures.drop("bank", "c10") == erasures.drop("garage", "c1") == 1

    def test_what_is_written_after_is_there_to_be_dropped_again(self, erasures: StoredCall, put: Put) -> None:
        put("bank", "c1", "one")
        erasures.drop("bank", "c1")
        put("bank", "c1", "late")
        assert erasures.drop("bank", "c1") == 1

    def test_of_several_erasures_of_one_event_the_first_stands_with_one_event(
        self, erasures: StoredCall, events: Events
    ) -> None:
        assert erasures.erasure("bank", "c1", NOW_MS) is None
        assert erasures.record(ERASURE) == ERASURE
        assert erasures.record(replace(ERASURE, erased_at_ms=NOW_MS + 90_000, items=0)) == ERASURE
        assert erasures.erasure("bank", "c1", NOW_MS) == ERASURE
        assert len(events()) == 1 and events()[0].startswith("conversation.erased#")

    def test_another_event_is_another_erasure(self, erasures: StoredCall, events: Events) -> None:
        again = replace(ERASURE, asked_by=NOW_MS + 1, items=0)
        assert [erasures.record(each) for each in (ERASURE, again)] == [ERASURE, again]
        assert len(events()) == 2

    def test_that_a_call_was_erased_outlives_its_erasure(self, erasures: StoredCall, events: Events) -> None:
        erasures.record(ERASURE)
        assert erasures.drop("bank", "c1") == 0
        assert erasures.erasure("bank", "c1", NOW_MS) == ERASURE and events()

    def test_contacts_and_tenants_have_erasures_of_their_own(self, erasures: StoredCall) -> None:
        erasures.record(ERASURE)
        assert erasures.erasure("garage", "c1", NOW_MS) is erasures.erasure("bank", "c2", NOW_MS) is None

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, erasures: StoredCall, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            erasures.drop(tenant, contact_id)
        with pytest.raises(BadKey):
            erasures.erasure(tenant, contact_id, NOW_MS)
        with pytest.raises(BadKey):
            erasures.record(replace(ERASURE, tenant=tenant, contact_id=contact_id))
