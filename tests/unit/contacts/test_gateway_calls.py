"""Unit: what the media gateway says of a call makes one contact, in whatever order and however often it comes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import permutations

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.aws.connect_api import NO_INSTANCE, instance_id
from sotto.call.contact import MEDIA_GATEWAY, Contact, ContactStatus
from sotto.call.live import GatewayCall, NotAnInvocation, invocation_from, payload_of
from sotto.consent.at_start import BookConsent
from sotto.contacts.directory import DirectoryAgent
from sotto.contacts.follow import FollowPorts
from sotto.contacts.gateway.follow import GatewayPorts, follow_gateway
from sotto.tenants.book import Consent
from sotto.tenants.consent_rule import ConsentBasis
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.directory import DirectoryInMemory
from tests.fakes.instance_contacts import InstanceContactsInMemory

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
TEAMS = {"service": {"agents": ["emma"]}, "retention": {"agents": ["liam"]}}
STARTED = GatewayCall("bank", "main", "c-1", "arn:stream", 1_790_000_000_000, agent="emma", caller="+15550100")
ENDED = replace(STARTED, ended_at_ms=1_790_000_060_000.0)


@dataclass
class Desk:
    """All that follow_gateway asks."""

    consent: Consent = field(default_factory=Consent)
    contacts: ContactsInMemory = field(default_factory=ContactsInMemory)
    directory: DirectoryInMemory = field(default_factory=DirectoryInMemory)
    workers: list[str] = field(default_factory=list)
    shown: list[str | None] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)

    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
        self.workers.append(contact_id)

    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        self.shown.append(contact.agent)

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None:
        self.joined.append(call_time_ms)

    def revive_abandoned(self, contact: Contact) -> None: ...

    def in_another_language(self, contact: Contact) -> None: ...

    def follows(self, *calls: GatewayCall) -> Contact | None:
        books = BooksInMemory(any_book("bank", INSTANCE, teams=TEAMS, consent=self.consent))
        rules = BookConsent(books, ConsentsInMemory(), ClockByHand(0))
        follow = FollowPorts(
            books, self.contacts, books, self, self, self, InstanceContactsInMemory(), rules, self, self.directory,
        )  # fmt: skip
        for call in calls:
            follow_gateway(call, GatewayPorts({"main": "bank"}.get, follow))
        return self.contacts.contact("bank", "c-1")


def test_a_call_that_begins_is_a_contact_with_a_worker_and_its_agents_panel() -> None:
    desk = Desk()
    contact = desk.follows(STARTED)
    assert contact is not None and contact.status is ContactStatus.CONNECTED
    assert (contact.agent, contact.team, contact.stream_arn) == ("emma", "service", "arn:stream")
    assert contact.initiation_method == MEDIA_GATEWAY and contact.is_copied and not contact.is_recorded
    assert desk.workers == ["c-1"] and desk.shown == ["emma"] and desk.joined == [0]


def test_connect_is_never_asked_about_it() -> None:
    contact = Desk().follows(STARTED)
    assert contact is not None and instance_id(contact.instance_arn) == NO_INSTANCE


@pytest.mark.parametrize("order", list(permutations([STARTED, STARTED, ENDED])))
def test_whatever_comes_first_or_twice_the_contact_is_the_same(order: tuple[GatewayCall, ...]) -> None:
    contact = Desk().follows(*order)
    assert contact is not None and contact.status is ContactStatus.ENDED
    assert (contact.agent, contact.ended_at_ms) == ("emma", ENDED.ended_at_ms)
    assert contact.media_started_at_ms == STARTED.started_at_ms


def test_an_end_alone_starts_no_worker() -> None:
    desk = Desk()
    desk.follows(ENDED)
    assert desk.workers == []


def test_an_agent_is_known_by_username_or_id_and_nobody_else_is_believed() -> None:
    directory = DirectoryInMemory()
    directory.put_agents("bank", "instance", [DirectoryAgent("a-1", "liam", "Liam", "Low")])
    by_id = Desk(directory=directory).follows(replace(STARTED, agent="a-1"))
    stranger = Desk(directory=directory).follows(replace(STARTED, agent="somebody"))
    nobody = Desk(directory=directory).follows(replace(STARTED, agent=None))
    assert [each and each.agent for each in (by_id, stranger, nobody)] == ["liam", None, None]


def test_a_gateway_of_another_tenant_or_of_nobody_is_nobodys_business() -> None:
    desk = Desk()
    assert desk.follows(replace(STARTED, tenant="garage"), replace(STARTED, gateway="other")) is None
    assert desk.workers == []


def test_who_may_not_be_listened_to_is_not() -> None:
    desk = Desk(consent=Consent(basis=ConsentBasis.REGION, excluded_numbers=("+1555",)))
    assert desk.follows(STARTED) is None and desk.workers == []


def test_a_second_connection_of_the_call_has_it_read_again() -> None:
    desk = Desk()
    contact = desk.follows(STARTED, replace(STARTED, started_at_ms=STARTED.started_at_ms + 9_000))
    assert contact is not None and contact.media_started_at_ms == STARTED.started_at_ms
    assert desk.workers == ["c-1", "c-1"]


def test_the_message_is_read_as_it_was_written() -> None:
    written = json.loads(payload_of(ENDED))
    assert invocation_from(written, GatewayCall) == ENDED
    with pytest.raises(NotAnInvocation):
        invocation_from({**written, "more": 1}, GatewayCall)
