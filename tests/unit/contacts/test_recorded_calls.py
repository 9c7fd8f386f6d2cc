"""Unit: events of Voice Connectors, in any order and however often, make one contact with its legs, agent and end."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import pytest

from local.aws.chime.documents import (
    LegOnAir,
    RecordedSession,
    Spoken,
    failure_detail,
    rs_metadata,
    streaming_detail,
    update_detail,
)
from local.aws.connect.documents import timestamp
from local.simulation.consents import ConsentsInMemory
from sotto.call.agent_presence import AgentPresence
from sotto.call.contact import CHANNELS, Contact, ContactStatus, Speaker
from sotto.consent.at_start import BookConsent
from sotto.contacts.directory import DirectoryAgent, Kind, Named
from sotto.contacts.follow import FollowPorts
from sotto.contacts.siprec.follow import LEAD_MS, SiprecPorts, contact_id_of, follow_siprec
from sotto.sources.siprec.streaming_event import Status, StreamingEvent
from sotto.tenants.book import Consent
from sotto.tenants.consent_rule import ConsentBasis
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.directory import DirectoryInMemory
from tests.fakes.instance_contacts import InstanceContactsInMemory

CUSTOMER, AGENT = CHANNELS
CONNECTOR, CALL_ID, STARTED_MS = "abcdef1ghij2klmno3pqr4", "call-1@10.0.0.1", 1_790_000_000_000.0
CONTACT_ID = contact_id_of(CONNECTOR, CALL_ID)
ARN = f"arn:aws:kinesisvideo:us-east-1:111122223333:stream/ChimeVoiceConnector-{CONNECTOR}-"
EMMA = Spoken("p1", "sip:emma@pbx", "1")
CALLER = Spoken("p2", "sip:+15550100@carrier", "2")
TEAMS = {"service": {"agents": ["emma"]}, "retention": {"agents": ["liam"]}}
INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"


@dataclass
class Desk:
    """All that follow_siprec asks."""

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

    def follows(self, *details: dict[str, Any]) -> Contact | None:
        """The contact as it is then."""
        books = BooksInMemory(any_book("bank", INSTANCE, teams=TEAMS, consent=self.consent))
        rules = BookConsent(books, ConsentsInMemory(), ClockByHand(0))
        follow = FollowPorts(
            books, self.contacts, books, self, self, self, InstanceContactsInMemory(), rules, self, self.directory,
        )  # fmt: skip
        for detail in details:
            follow_siprec(StreamingEvent.parsed(detail), SiprecPorts({CONNECTOR: "bank"}.get, follow))
        return self.contacts.contact("bank", CONTACT_ID)


def session(*people: Spoken, **fields: str) -> RecordedSession:
    return RecordedSession(CONNECTOR, CALL_ID, "transaction-1", "+15550100", rs_metadata(people, **fields))


CALL = session(EMMA, CALLER)


def leg(label: str, *, index: int | None = None, late_ms: float = 0.0, caller: bool | None = None) -> LegOnAir:
    at = int(label) - 1 if index is None else index
    is_caller = label == "2" if caller is None else caller
    return LegOnAir(f"{ARN}{label}/1", label, at, is_caller, STARTED_MS + late_ms, "1")


def at(detail: dict[str, Any], seconds: float = 0.0) -> dict[str, Any]:
    envelope = {"account": "111122223333", "region": "us-east-1", "time": timestamp(STARTED_MS + seconds * 1000)}
    return {**envelope, "detail": detail}


def started(label: str, of: RecordedSession = CALL, **how: Any) -> dict[str, Any]:
    return at(streaming_detail(Status.STARTED, of, leg(label, **how)))


def ended(label: str, seconds: float = 60.0, of: RecordedSession = CALL, **how: Any) -> dict[str, Any]:
    over = STARTED_MS + seconds * 1000
    return at(streaming_detail(Status.ENDED, of, leg(label, **how), ended_at_ms=over), seconds)


WHOLE = [started("1"), started("2", late_ms=400), ended("1", 31.0), ended("2", 30.0, late_ms=400)]


def same(contact: Contact | None) -> Contact:
    """Call time begins before whichever leg was received of first, and versions count changes."""
    assert contact is not None
    zero = contact.media_started_at_ms
    assert zero in (STARTED_MS - LEAD_MS, STARTED_MS + 400 - LEAD_MS)
    return replace(contact, media_started_at_ms=0, version=0, connected_at_ms=0.0, hold_changes=(), stream_arn="")


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_whatever_the_order_and_however_often_it_is_one_call(order: tuple[int, ...]) -> None:
    desk, chance = Desk(), random.Random(repr(order))
    received = [WHOLE[number] for number in order]
    received += chance.sample(received, 3)
    contact = same(desk.follows(*received))
    assert contact == same(Desk().follows(*WHOLE))
    assert (contact.agent, contact.team, contact.status) == ("emma", "service", ContactStatus.ENDED)
    assert contact.ended_at_ms == STARTED_MS + 31_000
    assert [(each.speaker, each.stream_arn) for each in contact.legs] == [
        (CUSTOMER, f"{ARN}2/1"), (AGENT, f"{ARN}1/1"),
    ]  # fmt: skip
    assert desk.workers and set(desk.workers) == {CONTACT_ID}
    kinds = [type(each).__name__ for each in desk.contacts.events]
    assert sorted(kinds) == ["AgentConnected", "ConversationEnded", "ConversationStarted"]
    assert desk.shown[0] == "emma" and desk.joined == [0]


def test_a_call_is_read_as_soon_as_one_leg_is_known_and_goes_on_until_all_have_ended() -> None:
    desk = Desk()
    contact = desk.follows(started("1"))
    assert contact is not None and desk.workers == [CONTACT_ID] and len(contact.legs) == 1
    contact = desk.follows(started("2"), ended("1"))
    assert contact is not None and contact.status is ContactStatus.CONNECTED
    contact = desk.follows(ended("2"))
    assert contact is not None and contact.status is ContactStatus.ENDED


def test_a_call_of_which_one_leg_was_never_announced_ends_with_the_other() -> None:
    contact = Desk().follows(started("1"), ended("1", 20.0))
    assert contact is not None and contact.status is ContactStatus.CONNECTED, "the other may still come"
    contact = Desk().follows(started("1"), ended("1", 90.0))
    assert contact is not None and contact.ended_at_ms == STARTED_MS + 90_000


def test_the_agent_is_there_from_the_first_word_whoever_it_is() -> None:
    for people in ((EMMA, CALLER), (Spoken("p1", "sip:4711@pbx", "1"), CALLER)):
        contact = Desk().follows(started("1", session(*people)))
        assert contact is not None
        assert all(AgentPresence.of(contact).is_present(call_ms) for call_ms in (0, 1_000, 3_600_000))


def test_nobody_is_the_agent_where_the_metadata_names_nobody_of_ours() -> None:
    for of in (session(Spoken("p1", "sip:4711@pbx", "1"), CALLER), replace(CALL, metadata="<not xml")):
        desk = Desk()
        contact = desk.follows(started("1", of), started("2", of))
        assert contact is not None and contact.agent is None and desk.shown == [] and desk.workers
        assert [each.speaker for each in contact.legs] == [CUSTOMER, AGENT]


def test_an_agent_is_found_by_connects_field_by_id_and_by_username() -> None:
    desk = Desk()
    desk.directory.put_agents("bank", "instance", [DirectoryAgent("agent-7", "liam", "Liam", "Low")])
    desk.directory.put_named("bank", "instance", Kind.QUEUE, [Named("queue-3", "Cards")])
    of = session(
        Spoken("p1", "sip:4711@pbx", "1"), CALLER, AmznConnectAgentUserId="agent-7", AmznConnectQueueId="queue-3"
    )
    contact = desk.follows(started("1", of))
    assert contact is not None
    assert (contact.agent, contact.team, contact.agent_name, contact.queue) == (
        "liam",
        "retention",
        "Liam Low",
        "Cards",
    )


def test_which_leg_is_the_agents_follows_from_who_sends_it_then_from_order_then_from_the_caller() -> None:
    def speaker(of: RecordedSession, label: str, **how: Any) -> Speaker:
        contact = Desk().follows(started(label, of, **how))
        assert contact is not None
        return contact.legs[0].speaker

    agent_second = session(replace(CALLER, label="1"), replace(EMMA, label="2"))
    assert speaker(agent_second, "2", caller=True) is AGENT and speaker(agent_second, "1", caller=False) is CUSTOMER
    strangers = (Spoken("p1", "sip:4711@pbx", "1"), CALLER)
    ordered = session(*strangers, AmznConnectAgentUserId="emma", AmznConnectParticipantOrder="desc")
    assert speaker(ordered, "1", caller=False) is CUSTOMER and speaker(ordered, "2", caller=True) is AGENT
    assert speaker(session(*strangers), "1", caller=True) is CUSTOMER
    assert speaker(replace(CALL, metadata=""), "2", caller=False) is AGENT


def test_one_stream_of_both_is_the_customers_and_nobody_waits_for_another() -> None:
    contact = Desk().follows(started("1", session(EMMA, replace(CALLER, label="1"))))
    assert contact is not None and contact.sides == 1 and contact.legs[0].speaker is CUSTOMER


def test_of_three_participants_two_are_read_whatever_comes_first() -> None:
    of = session(EMMA, CALLER, Spoken("p3", "sip:+15550199@carrier", "3"))
    received = [started(label, of) for label in "123"]
    for order in permutations(received):
        contact = Desk().follows(*order)
        assert contact is not None and contact.sides == 2
        assert [each.stream_arn for each in contact.legs] == [f"{ARN}2/1", f"{ARN}1/1"]


def test_an_update_names_the_next_agent_and_an_old_start_does_not_take_it_back() -> None:
    desk = Desk()
    to_liam = at(update_detail(CALL, rs_metadata([Spoken("p9", "sip:liam@pbx", "1"), CALLER])), 30.0)
    contact = desk.follows(*WHOLE[:2], to_liam, WHOLE[1], WHOLE[0])
    assert contact is not None and (contact.agent, contact.team) == ("liam", "retention")
    assert AgentPresence.of(contact).is_present(5_000), "who spoke before was an agent, too"
    assert desk.shown == ["emma", "liam"]


def test_nothing_is_recorded_without_consent_of_anothers_connector_or_without_a_leg() -> None:
    assert Desk(Consent(basis=ConsentBasis.NEVER)).follows(*WHOLE) is None
    anothers = started("1")
    anothers["detail"] = {
        **anothers["detail"], "voiceConnectorId": "another", "streamArn": f"{ARN}1/1".replace(CONNECTOR, "another"),
    }  # fmt: skip
    assert Desk().follows(anothers) is None
    desk = Desk()
    assert desk.follows(at(update_detail(CALL, CALL.metadata)), at(failure_detail(CALL, STARTED_MS))) is None
    assert not desk.workers


def test_a_failure_ends_nothing_by_itself() -> None:
    contact = Desk().follows(*WHOLE[:2], at(failure_detail(CALL, STARTED_MS + 9_000), 9.0))
    assert contact is not None and contact.status is ContactStatus.CONNECTED


def test_an_erased_contact_is_not_taken_in_again() -> None:
    desk = Desk()
    contact = desk.follows(*WHOLE)
    assert contact is not None
    desk.contacts.put(replace(contact, erased=True, agent=None))
    desk.workers.clear()
    assert desk.follows(*WHOLE) == replace(contact, erased=True, agent=None) and not desk.workers


def test_two_who_record_it_at_once_record_it_once() -> None:
    desk = Desk()
    desk.follows(started("1"))
    desk.contacts.meanwhile.append(lambda: desk.follows(started("2")))
    contact = desk.follows(ended("1"))
    assert contact is not None and len(contact.legs) == 2 and contact.legs[1].ended_at_ms is not None
