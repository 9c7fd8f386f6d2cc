"""Unit: the consent rule before the first word, with the caller's number, which is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.call.contact import Contact, Speaker
from sotto.consent.at_start import BookConsent
from sotto.consent.rules import ConsentRecord
from sotto.contacts.start import FlowAnswer, StartPorts, start_guidance
from sotto.tenants.book import Consent
from sotto.tenants.consent_rule import ConsentBasis
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/1"


def flow_event(caller: str | None = "+14155550100", **attributes: str) -> dict[str, Any]:
    audio = {"StreamARN": "arn:aws:kinesisvideo:us-east-1:1:stream/s/1", "StartTimestamp": "1790000000000"}
    data = {
        "ContactId": "contact-1",
        "Channel": "VOICE",
        "InstanceARN": INSTANCE,
        "CustomerEndpoint": {"Address": caller, "Type": "TELEPHONE_NUMBER"} if caller else None,
        "MediaStreams": {"Customer": {"Audio": audio}},
        "Attributes": attributes,
    }
    return {"Details": {"ContactData": data, "Parameters": {}}, "Name": "ContactFlowEvent"}


@dataclass
class Office:
    """Everything that start_guidance asks, for one tenant."""

    consent: Consent
    log: ConsentsInMemory = field(default_factory=ConsentsInMemory)
    contacts: ContactsInMemory = field(default_factory=ContactsInMemory)
    started: list[str] = field(default_factory=list)

    def start(self, tenant: str, contact_id: str, generation: int) -> None:
        self.started.append(contact_id)

    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        raise AssertionError("nobody has the contact yet")

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None:
        raise AssertionError("nobody has the contact yet")

    def answers(self, event: dict[str, Any]) -> FlowAnswer:
        books = BooksInMemory(any_book("bank", INSTANCE, consent=self.consent))
        consent = BookConsent(books, self.log, ClockByHand(5_000))
        return start_guidance(event, StartPorts(books, consent, self.contacts, self, books, self, self))


WITHOUT_415 = Consent(basis=ConsentBasis.REGION, excluded_numbers=("+1415",))


@pytest.mark.parametrize(
    ("consent", "event", "answer", "reason"),
    [
        (Consent(), flow_event(), "started", "always"),
        (Consent.short("never"), flow_event(), "skipped", "never"),
        (WITHOUT_415, flow_event("+14155550100"), "skipped", "region_excluded"),
        (WITHOUT_415, flow_event("+12125550100"), "started", "region_allowed"),
        (WITHOUT_415, flow_event(None), "skipped", "caller_unknown"),
        (Consent.short("attribute:ok"), flow_event(ok="Yes"), "started", "attribute_agrees"),
        (Consent.short("attribute:ok"), flow_event(), "skipped", "attribute_missing"),
        (Consent(basis=ConsentBasis.SPOKEN), flow_event(), "started", "awaiting_spoken_consent"),
    ],
)
def test_the_rule_decides_and_the_decision_is_recorded(
    consent: Consent, event: dict[str, Any], answer: str, reason: str
) -> None:
    office = Office(consent)
    assert office.answers(event).guidance == answer
    assert [(each.reason, each.decided_at_ms) for each in office.log.records] == [(reason, 5_000)]
    assert bool(office.started) == (answer == "started")


def test_the_callers_number_is_in_nothing_that_is_stored() -> None:
    office = Office(WITHOUT_415)
    office.answers(flow_event("+12125550199"))
    assert office.contacts.all
    assert "5550199" not in repr(office.contacts.all) + repr(office.log.records)


def after(latest: ConsentRecord | None, rule: Consent) -> tuple[str | None, ConsentRecord]:
    """The refusal, and what is recorded, of a contact that follows one with this decision."""
    log = ConsentsInMemory()
    if latest is not None:
        log.record(latest)
    books = BooksInMemory(any_book("bank", INSTANCE, consent=rule))
    second = Contact("bank", "second", INSTANCE, "stream", 0, previous_contact_id="first")
    refusal = BookConsent(books, log, ClockByHand(5_000)).refusal(second)
    return refusal, log.records[-1]


def decided(allowed: bool, reason: str, speaker: Speaker | None) -> ConsentRecord:
    return ConsentRecord("bank", "first", 1, allowed, reason, drop_kept=False, speaker=speaker)


def test_what_was_said_holds_for_the_whole_conversation() -> None:
    spoken = Consent(basis=ConsentBasis.SPOKEN)
    refusal, record = after(decided(True, "customer_agreed", Speaker.CUSTOMER), spoken)
    assert (refusal, record.contact_id, record.allowed) == (None, "second", True)
    refusal, record = after(decided(False, "customer_refused", Speaker.CUSTOMER), Consent())
    assert (refusal, record.allowed, record.speaker) == ("no-consent", False, Speaker.CUSTOMER)


def test_what_a_rule_decided_is_decided_anew() -> None:
    refusal, record = after(decided(False, "attribute_missing", None), Consent())
    assert (refusal, record.reason) == (None, "always")
    refusal, record = after(decided(True, "always", None), Consent(basis=ConsentBasis.NEVER))
    assert refusal == "no-consent"
