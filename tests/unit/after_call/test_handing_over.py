"""Unit: the note that an agent reads who gets a customer from another one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from local.simulation.consents import ConsentsInMemory
from sotto.after_call.hand_over import HandoverPorts, hand_over
from sotto.call.annotation import ChecklistItem
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.events import AgentConnected, Event, TranscriptCompleted
from sotto.call.summary import CallSummary, SummaryPart
from sotto.call.utterance import Utterance
from sotto.consent.rules import ConsentDecision, record_of
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation
from sotto.realtime.channel import MessageKind
from sotto.realtime.panel_publisher import PanelPublisher
from tests.fakes.call_records import FeedbackInMemory, SummariesInMemory
from tests.fakes.channel import ChannelInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.unit.after_call.any_call import any_contact, said

FIRST = any_contact(agent="emma", status=ContactStatus.CONNECTED)
SECOND = replace(
    FIRST, contact_id="c2", agent="liam", initial_contact_id="c1", previous_contact_id="c1", media_started_at_ms=60_000
)
TURNS = said(
    ("agent", "Harbour Bank, this is Emma."),
    ("customer", "I want to close my account over the monthly fees."),
    ("customer", "Please send me a letter when it is decided."),
    ("agent", "I will waive the monthly fee of March for you."),
)
CONNECTED = AgentConnected.of(SECOND, at_ms=60_000)
COMPLETED = TranscriptCompleted.of("bank", "c1", last_seq=4, at_ms=90_000)


@dataclass
class Office:
    contacts: ContactsInMemory = field(default_factory=lambda: ContactsInMemory(FIRST, SECOND))
    spoken: dict[str, list[Utterance]] = field(default_factory=lambda: {"c1": TURNS})
    checklist: tuple[ChecklistItem, ...] = ()
    consents: ConsentsInMemory = field(default_factory=ConsentsInMemory)
    notes: SummariesInMemory = field(default_factory=SummariesInMemory)
    channel: ChannelInMemory = field(default_factory=ChannelInMemory)

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[Utterance]:
        return self.spoken.get(contact_id, [])

    def annotations(self, *asked: Any) -> list[Any]:
        return []

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        return Conversation(ConversationState(tenant, contact_id), self.checklist)

    def hands_over(self, event: Event = CONNECTED) -> list[CallSummary]:
        panel = PanelPublisher(self.channel, lambda what: None)
        ports = HandoverPorts(
            self.contacts, self.consents, self, FeedbackInMemory(), self.notes, panel, ClockByHand(100_000)
        )
        return hand_over(event, ports)


def parts(note: CallSummary) -> list[tuple[SummaryPart, str]]:
    return [(line.part, line.text) for line in note.lines]


def test_it_says_why_they_called_what_they_asked_for_and_what_was_promised() -> None:
    (note,) = Office().hands_over()
    assert note.contact_id == "c2"
    assert parts(note) == [
        (SummaryPart.REASON, "I want to close my account over the monthly fees."),
        (SummaryPart.REQUEST, "Please send me a letter when it is decided."),
        (SummaryPart.OUTCOME, "I will waive the monthly fee of March for you."),
    ]


def test_it_is_shown_on_the_new_agents_panel_alone_and_leads_to_no_utterance() -> None:
    office = Office()
    (note,) = office.hands_over()
    (message,) = office.channel.messages
    assert (message.kind, message.contact_id) == (MessageKind.HANDOVER_NOTE, "c2")
    assert all(line.rests_on == () for line in note.lines)


def test_what_the_first_agent_left_open_is_on_it_and_is_short() -> None:
    items = [ChecklistItem("a", f"i{n}", f"Task {n}", "open", None) for n in range(5)]
    (note,) = Office(checklist=tuple(items)).hands_over()
    assert [text for part, text in parts(note) if part is SummaryPart.OPEN] == ["Task 0", "Task 1", "Task 2"]


def test_a_first_contact_has_none() -> None:
    assert Office().hands_over(AgentConnected.of(FIRST, at_ms=0)) == []


def test_it_is_made_anew_when_the_transcript_before_is_complete() -> None:
    office = Office(spoken={"c1": TURNS[:2]})
    (early,) = office.hands_over()
    office.spoken["c1"] = TURNS
    (late,) = office.hands_over(COMPLETED)
    assert (early.version, late.version) == (1, 2)
    assert office.hands_over(COMPLETED) == []


def test_who_has_gone_needs_none() -> None:
    office = Office(ContactsInMemory(FIRST, replace(SECOND, status=ContactStatus.ENDED)))
    assert office.hands_over() == office.hands_over(COMPLETED) == []


def test_after_two_transfers_it_begins_with_why_they_called_first() -> None:
    third = replace(SECOND, contact_id="c3", agent="noah", previous_contact_id="c2", media_started_at_ms=90_000)
    office = Office(ContactsInMemory(FIRST, SECOND, third))
    office.spoken["c2"] = said(("agent", "I will refund twelve dollars tomorrow."))
    (note,) = office.hands_over(AgentConnected.of(third, at_ms=90_000))
    assert parts(note)[0] == (SummaryPart.REASON, "I want to close my account over the monthly fees.")
    assert (SummaryPart.PROMISE, "I will refund twelve dollars tomorrow.") in parts(note)


def test_of_a_conversation_that_was_refused_nothing_is_handed_over() -> None:
    office = Office()
    refused = ConsentDecision(False, "customer_refused", drop_kept=True)
    record = record_of(refused, tenant="bank", contact_id="c1", decided_at_ms=1, speaker=Speaker.CUSTOMER)
    office.consents.record(record)
    assert office.hands_over() == []


def test_contacts_that_name_each_other_end_somewhere() -> None:
    circle = replace(FIRST, previous_contact_id="c2", initial_contact_id="c1")
    assert len(Office(ContactsInMemory(circle, SECOND)).hands_over()) == 1


def test_a_contact_that_nobody_recorded_asks_for_nothing() -> None:
    unknown = Contact("bank", "c9", "arn", "stream", 0, agent="emma")
    assert Office().hands_over(AgentConnected.of(unknown, at_ms=0)) == []


def test_words_that_promise_nothing_are_no_promise() -> None:
    (note,) = Office(
        spoken={"c1": [*TURNS[:3], *said(("agent", "I understand how frustrating that must be."))]}
    ).hands_over()
    assert SummaryPart.OUTCOME not in [part for part, _ in parts(note)]


def test_what_was_promised_for_a_day_is_on_it_once_with_who_and_when() -> None:
    promised = said(
        ("customer", "I want to close my account over the monthly fees."),
        ("agent", "I will call you back on Friday about the fee."),
    )
    at = Office(spoken={"c1": promised})
    (note,) = at.hands_over()
    (line,) = (each for each in note.lines if "call you back" in each.text)
    assert (line.part, line.owner) == (SummaryPart.PROMISE, Speaker.AGENT) and line.due and not line.rests_on
