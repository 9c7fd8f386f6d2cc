"""Unit: a refusal under a rule that lets nothing stay, however often and late its event comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.call.contact import Contact, Speaker
from sotto.call.customer import CustomerContext, CustomerField, CustomerState
from sotto.call.events import ConsentWithdrawn
from sotto.consent.rules import ConsentDecision, is_withdrawal, record_of
from sotto.contacts.erase import ERASER, IN_FLIGHT_MS, ErasePorts, Erasure, erase_contact
from sotto.core.audit import AuditAction, AuditEntry
from sotto.erasure.hold import Hold
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.erasures import ErasuresInMemory
from tests.fakes.holds import HoldsInMemory

NOW_MS = 1_790_000_000_000
WITHDRAWN = ConsentWithdrawn.of("bank", "c1", decided_at_ms=NOW_MS)


class Killed(BaseException):
    """As Lambda kills: no handler catches it."""


class Call:
    """``late``: guidance that was in flight, written while the eraser waits. ``dies_in``: what kills it once."""

    def __init__(self, *, drop_kept: bool = True, dies_in: str = "") -> None:
        self.late = ["annotation"]
        self.dies_in = dies_in
        self.waits_ms: list[float] = []
        self.holds = HoldsInMemory()
        self.contacts = ContactsInMemory(Contact("bank", "c1", "arn", "stream", NOW_MS))
        self.clock = ClockByHand(NOW_MS)
        self.consents, self.erasures, self.audit = ConsentsInMemory(), ErasuresInMemory(), AuditLogInMemory()
        self.stored.extend(("utterance", "annotation", "summary"))
        refused = ConsentDecision(False, "customer_refused", drop_kept)
        self.consents.record(
            record_of(refused, tenant="bank", contact_id="c1", decided_at_ms=NOW_MS, speaker=Speaker.CUSTOMER)
        )

    @property
    def stored(self) -> list[str]:
        return self.erasures.items["bank#c1"]

    @property
    def events(self) -> int:
        return len(self.erasures.events)

    @property
    def trail(self) -> list[AuditEntry]:
        return self.audit.all

    def drop(self, tenant: str, contact_id: str) -> int:
        return self.erasures.drop(tenant, contact_id)

    def left(self, tenant: str, contact_id: str) -> int:
        return self.erasures.left(tenant, contact_id)

    def erasure(self, tenant: str, contact_id: str, asked_by: int) -> Erasure | None:
        return self.erasures.erasure(tenant, contact_id, asked_by)

    def record(self, erasure: Erasure) -> Erasure:
        self._maybe_die("record")
        return self.erasures.record(erasure)

    def append(self, entry: AuditEntry) -> None:
        self._maybe_die("append")
        self.audit.append(entry)

    def entries(self, tenant: str, since_ms: int, until_ms: int) -> Iterator[AuditEntry]:
        return self.audit.entries(tenant, since_ms, until_ms)

    def wait(self, wait_ms: float) -> None:
        self._maybe_die("wait")
        self.waits_ms.append(wait_ms)
        self.stored.extend(self.late)
        self.late = []

    def erase(self, event: ConsentWithdrawn = WITHDRAWN) -> Erasure | None:
        ports = ErasePorts(
            decisions=self.consents, contacts=self.contacts, stored=self, holds=self.holds, audit=self,
            clock=self.clock, wait=self.wait,
        )  # fmt: skip
        return erase_contact(event, ports)

    def _maybe_die(self, where: str) -> None:
        if self.dies_in == where:
            self.dies_in = ""
            raise Killed


def test_everything_goes_also_what_was_still_being_written() -> None:
    call = Call()
    erased = call.erase()
    assert call.stored == [] and call.waits_ms == [IN_FLIGHT_MS]
    assert erased is not None and erased.items == 4
    assert call.trail == [AuditEntry("bank", ERASER, AuditAction.ERASED, "contact/c1", erased.erased_at_ms)]


def test_an_event_that_comes_twice_erases_once_and_leaves_one_entry() -> None:
    call = Call()
    first = call.erase()
    assert call.erase() == first
    assert call.waits_ms == [IN_FLIGHT_MS] and call.events == 1 and len(call.trail) == 1


@pytest.mark.parametrize("where", ["wait", "record", "append"])
def test_killed_anywhere_and_tried_again_it_erases_all_with_one_event_and_one_entry(where: str) -> None:
    call = Call(dies_in=where)
    with pytest.raises(Killed):
        call.erase()
    call.erase()
    assert call.stored == [] and call.events == 1 and len(call.trail) == 1


def test_what_the_rule_lets_stay_stays() -> None:
    call = Call(drop_kept=False)
    assert call.erase() is None
    assert call.stored and call.trail == [] and call.events == 0


def test_an_event_whose_decision_is_not_there_erases_nothing() -> None:
    call = Call()
    assert call.erase(ConsentWithdrawn.of("bank", "c1", decided_at_ms=NOW_MS + 1)) is None
    assert len(call.stored) == 3


def test_a_refusal_reaches_every_contact_of_the_conversation() -> None:
    call = Call()
    for contact_id, first in (("c0", ""), ("c1", "c0"), ("c2", "c0"), ("other", "")):
        call.contacts.put(Contact("bank", contact_id, "arn", "stream", NOW_MS, initial_contact_id=first))
    call.erase()
    for contact_id in ("c0", "c2"):
        carried = call.consents.latest("bank", contact_id)
        assert carried is not None and is_withdrawal(carried) and carried.drop_kept
    assert call.consents.latest("bank", "other") is None


def test_a_refusal_that_is_carried_on_comes_back_to_nobody() -> None:
    call = Call()
    call.contacts.put(Contact("bank", "c2", "arn", "stream", NOW_MS, initial_contact_id="c1"))
    call.erase()
    carried = call.consents.latest("bank", "c2")
    assert carried is not None and len(call.consents.records) == 2
    call.erase(ConsentWithdrawn.of("bank", "c2", decided_at_ms=carried.decided_at_ms))
    assert len(call.consents.records) == 2


def test_who_called_is_forgotten_with_the_call() -> None:
    call = Call()
    known = call.contacts.contact("bank", "c1")
    assert known is not None
    customer = CustomerContext(CustomerState.FOUND, (CustomerField("tier", "Tier", "Gold"),))
    attributes = {"sotto_caller": "Maria Lopez"}
    known_of = replace(known, customer=customer, attributes=attributes, version=1)
    call.contacts.replace(known_of, expected_version=0, events=())
    assert call.erase() is not None
    left = call.contacts.contact("bank", "c1")
    assert left is not None and (left.customer, left.attributes, left.erased) == (None, {}, True)


def test_what_a_hold_keeps_is_not_erased_and_noted_for_later() -> None:
    call = Call()
    call.holds.place(Hold("bank", "c1", "2026/441", "lawyer", NOW_MS))
    assert call.erase() is None
    assert call.stored == ["utterance", "annotation", "summary"] and call.events == 0 and call.trail == []
    assert call.holds.postponed("bank", "c1")
    call.holds.release("bank", "c1")
    assert call.erase() is not None and call.stored == []
