"""Unit: contact records become facts, agent events keep the directory level; copies and disorder are harmless."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from sotto.call.agent_presence import SLACK_MS, AgentPresence
from sotto.call.contact import Contact
from sotto.call.contact_facts import ContactFacts
from sotto.contacts.agent_events import AgentEventPorts, take_agent_event, take_holds
from sotto.contacts.directory import DirectoryAgent
from sotto.contacts.facts import FactPorts, take_record
from sotto.sources.connect.agent_event import AgentEvent, NotAnAgentEvent
from sotto.sources.connect.contact_record import ContactRecord, NotAContactRecord
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.directory import DirectoryInMemory
from tests.fakes.facts import FactsInMemory

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
EMMA = "0000000a-2222-3333-4444-555555555555"
RECORD: dict[str, Any] = {
    "ContactId": "c2",
    "InitialContactId": "c1",
    "PreviousContactId": "c1",
    "NextContactId": "c3",
    "InstanceARN": INSTANCE,
    "InitiationMethod": "TRANSFER",
    "DisconnectReason": "AGENT_DISCONNECT",
    "LastUpdateTimestamp": "2026-11-29T10:05:00Z",
    "DisconnectTimestamp": "2026-11-29T10:04:00Z",
    "Queue": {"ARN": f"{INSTANCE}/queue/q", "Name": "Loans", "Duration": 75},
    "Agent": {
        "ARN": f"{INSTANCE}/agent/{EMMA}",
        "Username": "emma",
        "AgentInteractionDuration": 180,
        "CustomerHoldDuration": 40,
        "LongestHoldDuration": 30,
        "NumberOfHolds": 2,
        "AfterContactWorkDuration": 0,
        "HierarchyGroups": None,
        "SomethingNew": {"a": 1},
    },
    "CustomerEndpoint": {"Address": "+15555550123", "Type": "TELEPHONE_NUMBER"},
    "Attributes": {"name": "Jane Roe"},
}
LATER = RECORD | {
    "LastUpdateTimestamp": "2026-11-29T10:06:30Z",
    "Agent": RECORD["Agent"] | {"AfterContactWorkDuration": 85},
}
EVENT: dict[str, Any] = {
    "EventType": "STATE_CHANGE",
    "AgentARN": f"{INSTANCE}/agent/{EMMA}",
    "InstanceARN": INSTANCE,
    "EventTimestamp": "2026-11-29T10:00:00.500Z",
    "CurrentAgentSnapshot": {
        "Configuration": {
            "Username": "emma",
            "FirstName": "Emma",
            "LastName": "Baker",
            "RoutingProfile": {"ARN": "r", "Name": "Basic"},
            "AgentHierarchyGroups": {"Level1": {"ARN": "g1", "Name": "Bank"}, "Level2": {"ARN": "g2", "Name": "Loans"}},
        }
    },
}


def moved(at: str, group: str) -> dict[str, Any]:
    configuration = EVENT["CurrentAgentSnapshot"]["Configuration"]
    groups = configuration["AgentHierarchyGroups"] | {"Level2": {"ARN": "g", "Name": group}}
    changed = {"Configuration": configuration | {"AgentHierarchyGroups": groups}}
    return EVENT | {"EventTimestamp": at, "CurrentAgentSnapshot": changed}


class Panels:
    def __init__(self) -> None:
        self.changed: list[Contact] = []

    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        self.changed.append(contact)


class Bank:
    def __init__(self) -> None:
        books = BooksInMemory(any_book("bank", INSTANCE))
        contact = Contact("bank", "c2", INSTANCE, "stream", 1_790_000_000_000)
        self.facts = FactsInMemory()
        self.directory = DirectoryInMemory()
        self.contacts = ContactsInMemory(contact)
        self.panels = Panels()
        self.fact_ports = FactPorts(books, self.contacts, self.facts)
        self.event_ports = AgentEventPorts(books, self.directory, self.contacts, self.panels)

    def record(self, written: dict[str, Any]) -> bool:
        return take_record(ContactRecord.parsed(written), self.fact_ports)

    def event(self, written: dict[str, Any]) -> bool:
        return take_agent_event(AgentEvent.parsed(written), self.event_ports)

    @property
    def known(self) -> ContactFacts:
        found = self.facts.facts("bank", "c2")
        assert found is not None
        return found

    @property
    def emma(self) -> DirectoryAgent | None:
        return self.directory.agent("bank", EMMA)


@pytest.fixture
def bank() -> Bank:
    return Bank()


def test_a_contact_record_says_how_long_everything_took_and_why_it_ended(bank: Bank) -> None:
    assert bank.record(LATER)
    facts = bank.known
    assert (facts.queue_ms, facts.talk_ms, facts.hold_ms, facts.longest_hold_ms, facts.holds) == (
        75_000, 180_000, 40_000, 30_000, 2,
    )  # fmt: skip
    assert (facts.after_contact_work_ms, facts.handle_ms) == (85_000, 305_000)
    assert (facts.disconnect_reason, facts.initiation_method) == ("AGENT_DISCONNECT", "TRANSFER")
    assert (facts.conversation_id, facts.previous_contact_id, facts.next_contact_id) == ("c1", "c1", "c3")


def test_nobody_is_named_in_facts(bank: Bank) -> None:
    bank.record(LATER)
    for private in ("Jane", "emma", "+1555", EMMA):
        assert private not in repr(bank.known)


@pytest.mark.parametrize("order", list(permutations([RECORD, RECORD, LATER, LATER])))
def test_whatever_the_order_and_however_often_the_latest_record_counts_once(
    bank: Bank, order: tuple[dict[str, Any], ...]
) -> None:
    for written in order:
        bank.record(written)
    assert bank.known.after_contact_work_ms == 85_000
    events = [each.number for each in bank.facts.events]
    assert events == sorted(set(events))
    assert events[-1] == bank.known.updated_at_ms


def test_a_contact_without_queue_or_agent_is_one_that_nobody_answered(bank: Bank) -> None:
    bank.record(RECORD | {"Queue": None, "Agent": None, "InitialContactId": None})
    facts = bank.known
    assert (facts.was_queued, facts.was_answered, facts.handle_ms, facts.conversation_id) == (False, False, 0, "c2")


def test_contacts_that_are_not_ours_are_left_alone(bank: Bank) -> None:
    assert not bank.record(RECORD | {"ContactId": "another"})
    assert not bank.record(RECORD | {"InstanceARN": INSTANCE.replace("1", "2")})
    assert bank.facts.events == []


@pytest.mark.parametrize("change", [{"ContactId": None}, {"LastUpdateTimestamp": "yesterday"}, {"Agent": "Jane Roe"}])
def test_what_is_no_contact_record_is_refused_without_being_quoted(change: dict[str, Any]) -> None:
    with pytest.raises(NotAContactRecord) as refused:
        ContactRecord.parsed(RECORD | change)
    assert next(iter(change)) in str(refused.value)
    assert "Jane" not in str(refused.value) and "yesterday" not in str(refused.value)


def test_an_agent_who_is_new_or_has_moved_is_known_at_once(bank: Bank) -> None:
    assert bank.event(EVENT)
    assert bank.emma == DirectoryAgent(EMMA, "emma", "Emma", "Baker", ("Bank", "Loans"), "Basic")
    assert bank.event(moved("2026-11-29T11:00:00Z", "Cards"))
    assert bank.emma is not None
    assert bank.emma.groups == ("Bank", "Cards")


@pytest.mark.parametrize("kind", ["LOGIN", "HEART_BEAT", "LOGOUT", "SOMETHING_NEW"])
def test_an_event_that_changes_nothing_writes_nothing(bank: Bank, kind: str) -> None:
    bank.event(EVENT)
    written = bank.directory.written
    assert not bank.event(EVENT | {"EventType": kind, "EventTimestamp": "2026-11-29T12:00:00Z"})
    assert bank.directory.written == written


def test_whatever_the_order_of_agent_events_the_latest_counts() -> None:
    events = [moved(f"2026-11-29T1{hour}:00:00Z", group) for hour, group in enumerate(["Cards", "Loans", "Fraud"])]
    for order in permutations(events * 2, 4):
        bank = Bank()
        for event in order:
            bank.event(event)
        latest = max(order, key=lambda each: each["EventTimestamp"])
        assert bank.emma is not None
        assert bank.emma.groups == AgentEvent.parsed(latest).group_names


def test_a_heartbeat_after_the_last_logout_brings_nobody_back(bank: Bank) -> None:
    bank.directory.put_agents("bank", "one", [DirectoryAgent(EMMA, "emma", left_at_ms=1)])
    assert not bank.event(EVENT | {"EventType": "HEART_BEAT"})
    assert bank.emma is not None
    assert bank.emma.left_at_ms == 1


def test_an_agent_without_groups_or_configuration(bank: Bank) -> None:
    configuration = EVENT["CurrentAgentSnapshot"]["Configuration"] | {"AgentHierarchyGroups": None}
    assert bank.event(EVENT | {"CurrentAgentSnapshot": {"Configuration": configuration}})
    assert bank.emma is not None
    assert bank.emma.groups == ()
    assert not bank.event(EVENT | {"CurrentAgentSnapshot": None})
    with pytest.raises(NotAnAgentEvent):
        AgentEvent.parsed({"EventType": "LOGIN"})


def held(at: str, state: str) -> AgentEvent:
    of_contact = {"ContactId": "c2", "ConnectedToAgentTimestamp": "2026-11-29T10:00:10Z"}
    contacts = [of_contact | {"State": state, "StateStartTimestamp": at}]
    snapshot = EVENT["CurrentAgentSnapshot"] | {"Contacts": contacts}
    return AgentEvent.parsed(EVENT | {"EventTimestamp": at, "CurrentAgentSnapshot": snapshot})


def test_panels_see_each_hold_once(bank: Bank) -> None:
    on_hold = held("2026-11-29T10:01:00Z", "CONNECTED_ONHOLD")
    for event in (on_hold, on_hold, held("2026-11-29T10:01:40Z", "CONNECTED")):
        take_holds(event, bank.event_ports)
    waits = [AgentPresence.of(each).waits()[-1] for each in bank.panels.changed]
    assert [(wait.is_hold, wait.is_over) for wait in waits] == [(True, False), (True, True)]
    assert waits[-1].until_ms - waits[-1].from_ms == 40_000 - 2 * SLACK_MS
