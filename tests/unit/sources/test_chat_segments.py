"""Unit: a chat's segments on their way through redaction, storage and guidance, in whatever order they come."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.simulation.call import RecordingSink
from local.simulation.consents import ConsentsInMemory
from local.simulation.leases import LeasesInMemory
from sotto.call.contact import Channel, Contact, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.consent.at_start import BookConsent
from sotto.consent.decisions import ConsentPorts
from sotto.redaction.languages import redactor_for
from sotto.redaction.redactor import Redacted, Redactor
from sotto.redaction.withheld import MASK
from sotto.redaction.written import WrittenRedactor
from sotto.sources.contact_lens.chat_event import NOT_TEXT, ChatEvent, read_chat_event
from sotto.sources.contact_lens.consumer import SegmentConsumer, SegmentPorts
from sotto.sources.contact_lens.records import read_record
from sotto.sources.contact_lens.segment_event import EventType, NotASegmentEvent
from sotto.tenants.redaction_rules import RedactionRules
from sotto.transcription.lease.lease import Lease
from sotto.transcription.ports import SessionPorts
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.turned_clock import TurnedClock

SAMPLE = Path(__file__).parents[3] / "events" / "recogniser" / "contact_lens_chat_segments.jsonl"
RECORDS: list[dict[str, Any]] = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
EVENTS = [read_chat_event(record) for record in RECORDS]
WRITTEN = [event for event in EVENTS if event.messages]
BEGAN_MS = 1_790_000_000_000
ARRIVED_MS = BEGAN_MS + 600_000
CONTACT_ID = EVENTS[0].contact_id


def redactor(contact: Contact) -> Redactor:
    return WrittenRedactor(redactor_for(contact, RedactionRules.of({})))


def segment(kind: str, **fields: Any) -> dict[str, Any]:
    return {
        kind: {"Id": "m1", "ParticipantRole": "CUSTOMER", "Time": {"AbsoluteTime": "2026-09-21T14:13:30Z"}, **fields}
    }


def chat(*segments: dict[str, Any] | None, **fields: Any) -> dict[str, Any]:
    return {**RECORDS[2], "Segments": list(segments), **fields}


def writes(role: str, text: str, at: str, *, id: str = "") -> ChatEvent:
    time = {"AbsoluteTime": f"2026-09-21T14:{at}Z"}
    return read_chat_event(chat(segment("Transcript", Id=id or at, ParticipantRole=role, Content=text, Time=time)))


@dataclass
class Office:
    """Everything that the consumer asks, in memory; the flow has announced the chat, unless it is said otherwise."""

    language: str = "en-US"
    is_announced: bool = True
    log: ConsentsInMemory = field(default_factory=ConsentsInMemory)
    contacts: ContactsInMemory = field(default_factory=ContactsInMemory)
    leases: LeasesInMemory = field(default_factory=LeasesInMemory)
    sink: RecordingSink = field(default_factory=RecordingSink)
    redactor: Callable[[Contact], Redactor] = redactor

    def __post_init__(self) -> None:
        if self.is_announced:
            self.contacts.record(
                Contact(
                    "bank", CONTACT_ID, EVENTS[0].instance, "", BEGAN_MS, language=self.language, channel=Channel.CHAT
                )
            )

    @property
    def stored(self) -> list[Utterance]:
        """As they are numbered."""
        return self.leases.utterances("bank", CONTACT_ID)

    @property
    def transcript(self) -> list[tuple[str, int, str]]:
        """As it is read: by time."""
        return [(u.speaker.value, u.start_ms, u.text) for u in sorted(self.stored, key=lambda u: (u.start_ms, u.id))]

    @property
    def lease(self) -> Lease | None:
        return self.leases.current("bank", CONTACT_ID)

    def consumer(self) -> SegmentConsumer:
        clock = TurnedClock()
        book = any_book("bank", EVENTS[0].instance)
        books = BooksInMemory(book)
        session = SessionPorts(
            redactor=self.redactor,
            consent=ConsentPorts(lambda tenant: book.settings.consent.rule, self.log, clock),
            leases=self.leases,
            clock=clock,
        )
        return SegmentConsumer(
            SegmentPorts(books, self.contacts, BookConsent(books, self.log, clock), session, self.sink)
        )

    def receives(self, *events: ChatEvent, processes: int = 1) -> Office:
        """``processes`` take turns, as Lambda's environments may."""
        consumers = [self.consumer() for _ in range(processes)]

        async def accept() -> None:
            for number, event in enumerate(events):
                await consumers[number % processes].accept(event, arrived_at_ms=ARRIVED_MS)

        asyncio.run(accept())
        return self


def unnamed(office: Office) -> list[tuple[str, int, str]]:
    masks = re.compile(r"\[(?!attachment)[a-z ]+\]")
    return [(speaker, start_ms, masks.sub("[private]", text)) for speaker, start_ms, text in office.transcript]


def test_the_sample_is_read_as_it_is_documented() -> None:
    assert [event.kind for event in (EVENTS[0], EVENTS[-1])] == [EventType.STARTED, EventType.COMPLETED]
    assert [message.speaker for event in WRITTEN for message in event.messages][:2] == [Speaker.CUSTOMER, Speaker.AGENT]
    assert read_record(RECORDS[2]) == EVENTS[2]


def test_messages_are_redacted_committed_shown_and_guided_on() -> None:
    office = Office().receives(*EVENTS)
    assert [text for _, _, text in office.transcript] == [
        "Hi, I lost my card yesterday and I am worried.",
        "I am sorry to hear that. Can you give me the card number, please?",
        "[card number]",
        "[attachment: image/png]",
        "Thank you. And the security code on the back?",
        "[security code]",
        "I have blocked your card and ordered a new one.",
        "Great, thank you!",
    ]
    assert office.sink.guided == office.stored and [u.seq for u in office.stored] == list(range(1, 9))
    assert office.stored[0].start_ms == 1_715 and office.lease is not None and office.lease.is_released


def test_neither_names_nor_files_are_kept() -> None:
    office = Office().receives(*EVENTS)
    kept = repr(office.stored) + repr(office.sink.published) + repr(office.lease)
    assert not [word for word in ("Maria", "passport", "4111", "aa11") if word in kept]


def test_german_is_redacted_in_writing_too() -> None:
    office = Office(language="de-DE")
    settings = {**RECORDS[0]["StreamingSettings"], "LanguageCode": "de-DE"}
    text = "Meine IBAN lautet DE89 3704 0044 0532 0130 00, geboren am 12.03.1984"
    office.receives(read_chat_event(chat(segment("Transcript", Content=text), StreamingSettings=settings)))
    assert "3704" not in office.stored[0].text and "1984" not in office.stored[0].text


def test_a_code_that_takes_long_to_find_is_still_the_code_that_was_asked_for() -> None:
    office = Office().receives(
        writes("AGENT", "What is the security code on the back?", "13:40"),
        writes("CUSTOMER", "moment please", "14:00"),
        writes("CUSTOMER", "739", "19:59"),
    )
    assert office.stored[-1].text == "[security code]"


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(len(WRITTEN))), st.lists(st.integers(0, len(WRITTEN) - 1), max_size=8), st.integers(1, 3))
def test_any_order_with_doubles_gives_the_same_transcript(order: list[int], doubles: list[int], processes: int) -> None:
    """A mask may name another kind: what a number is shows in what was asked before it."""
    received = [WRITTEN[number] for number in [*order, *doubles]]
    assert unnamed(Office().receives(*received, processes=processes)) == unnamed(Office().receives(*WRITTEN))


QUESTION = "What is the password of your account?"


def test_an_answer_before_its_question_is_masked_when_the_question_comes() -> None:
    office = Office()
    office.receives(writes("CUSTOMER", "sunflower", "13:59"))
    office.receives(writes("CUSTOMER", "I hope that helps", "14:10"))
    assert office.stored[0].text == "sunflower"  # as on a call: nobody had asked
    office.receives(writes("AGENT", QUESTION, "13:40"))
    assert office.stored[0].text == "[password]"
    assert office.sink.published[-2].text == "[password]"  # the screen is put right before the question is shown
    assert [(span.kind, span.start_char) for span in office.stored[0].private] == [("password", 0)]


def test_what_comes_next_knows_of_a_late_question_also_in_another_process() -> None:
    office = Office()
    office.receives(writes("CUSTOMER", "wait", "13:59"))
    office.receives(writes("AGENT", QUESTION, "13:40"))
    office.receives(writes("CUSTOMER", "sunflower", "14:20"))
    assert office.stored[-1].text == "[password]"


def test_two_processes_at_one_chat_lose_and_double_nothing() -> None:
    office = Office().receives(*WRITTEN, processes=2)
    assert [u.seq for u in office.stored] == list(range(1, 9))


def test_of_a_message_in_both_forms_the_raw_one_is_redacted_by_our_rules() -> None:
    both = {**RECORDS[2]["StreamingSettings"], "Output": "RedactedAndRaw"}
    theirs = chat(segment("Transcript", Content="I am [PII]"), OutputType="Redacted", StreamingSettings=both)
    ours = chat(segment("Transcript", Content="I lost my card"), StreamingSettings=both)
    assert [text for *_, text in Office().receives(*map(read_chat_event, (theirs, ours))).transcript] == [
        "I lost my card"
    ]


def test_where_connect_keeps_only_what_it_redacted_that_is_what_there_is() -> None:
    only = {**RECORDS[2]["StreamingSettings"], "Output": "Redacted"}
    event = chat(segment("Transcript", Content="I am [PII]"), OutputType="Redacted", StreamingSettings=only)
    assert [message.text for message in read_chat_event(event).messages] == ["I am [PII]"]


@pytest.mark.parametrize(
    ("record", "texts"),
    [
        (chat(segment("Transcript", Content=None)), [""]),
        (chat(segment("Transcript", Content="Hi", ContentType=None, DisplayName=None, Time=None)), ["Hi"]),
        (chat(segment("Transcript", Content="Hi", Time={"AbsoluteTime": "yesterday"})), ["Hi"]),
        (chat(segment("Transcript", Content="**Hi**", ContentType="text/markdown; charset=utf-8")), ["**Hi**"]),
        (chat(segment("Transcript", Content='{"a": 1}', ContentType="application/json")), [NOT_TEXT]),
        (chat(segment("Attachments", Attachments=None)), ["[attachment]"]),
        (chat(segment("Attachments", Attachments=[{"ContentType": "../../etc"}, None])), ["[attachment] [attachment]"]),
        (chat(None, {}, {"Categories": {}}), []),
        (chat(Segments=None), []),
        (chat(segment("Transcript", Content="x" * 40_000)), ["x" * 16_384]),
    ],
)
def test_nulls_and_odd_content_do_no_harm(record: dict[str, Any], texts: list[str]) -> None:
    assert [message.text for message in read_chat_event(record).messages] == texts
    Office().receives(read_chat_event(record))


@pytest.mark.parametrize("role", ["SYSTEM", "CUSTOM_BOT", "SUPERVISOR", "NEW_ROLE", None])
def test_whoever_is_neither_customer_nor_agent_is_the_system(role: str | None) -> None:
    event = read_chat_event(chat(segment("Transcript", Content="Welcome", ParticipantRole=role)))
    assert event.messages[0].speaker is Speaker.SYSTEM


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ContactId": ""}, "ContactId"),
        ({"StreamingEventType": "OTHER"}, "StreamingEventType"),
        ({"Segments": 5}, "Segments"),
    ],
)
def test_what_cannot_be_read_is_refused_by_field_and_without_its_content(change: dict[str, Any], named: str) -> None:
    with pytest.raises(NotASegmentEvent, match=named) as refused:
        read_record({**RECORDS[4], **change})
    assert "4111" not in str(refused.value)


def test_a_message_from_the_future_is_as_old_as_its_record_and_one_from_before_the_contact_its_first() -> None:
    office = Office().receives(
        writes("CUSTOMER", "too early", "13:10", id="a"),
        read_chat_event(
            chat(segment("Transcript", Id="b", Content="late", Time={"AbsoluteTime": "2036-01-01T00:00:00Z"}))
        ),
    )
    assert [u.start_ms for u in office.stored] == [0, 660_000]


def test_a_chat_that_no_flow_announced_is_recorded_as_one() -> None:
    office = Office(is_announced=False).receives(*EVENTS)
    contact = office.contacts.contact("bank", CONTACT_ID)
    assert contact is not None and contact.channel is Channel.CHAT and len(office.stored) == 8


def test_time_passes_for_the_playbook_with_every_record() -> None:
    assert [tick.call_time_ms for tick in Office().receives(EVENTS[0]).sink.ticks] == [600_000]


class Breaks:
    """A Redactor that fails on one word."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def redact(self, result: TranscriptResult) -> Redacted:
        if "sunflower" in result.text:
            raise ValueError(result.text)
        return self._redactor.redact(result)

    def memory(self) -> str:
        return self._redactor.memory()

    def remember(self, memory: str) -> None:
        self._redactor.remember(memory)


def test_a_message_that_nothing_can_handle_is_withheld_and_the_rest_of_the_chat_goes_on() -> None:
    office = Office(redactor=lambda contact: Breaks(redactor(contact)))
    spoilt = writes("CUSTOMER", "sunflower", "13:30")
    office.receives(writes("CUSTOMER", "hello", "13:20"), spoilt, spoilt, writes("AGENT", "hi", "13:40"))
    assert [text for *_, text in office.transcript] == ["hello", MASK, "hi"]


def test_what_redaction_expects_is_bounded_in_a_chat_without_end() -> None:
    office = Office().receives(*(writes("CUSTOMER", "hm", f"{20 + n // 60}:{n % 60:02d}") for n in range(150)))
    assert office.lease is not None and len(office.lease.checkpoint.redactor_memory) < 8_000
    assert len(office.stored) == 150
