"""Unit: Contact Lens's segments on their way through redaction, storage and guidance."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from local.simulation.call import RecordingSink
from local.simulation.consents import ConsentsInMemory
from local.simulation.leases import LeasesInMemory
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.consent.at_start import BookConsent
from sotto.consent.decisions import ConsentPorts
from sotto.core.errors import Retryable
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.redactor import Redactor
from sotto.sources.contact_lens.consumer import EarlierRecordFailed, SegmentConsumer, SegmentPorts
from sotto.sources.contact_lens.segment_event import EventType, NotASegmentEvent, SegmentEvent, read_segment_event
from sotto.tenants.book import Consent, OnRefusal
from sotto.tenants.consent_rule import ConsentBasis
from sotto.tenants.redaction_rules import RedactionRules
from sotto.transcription.lease.lease import Checkpoint, Lease, Leases, Takeover
from sotto.transcription.ports import SessionPorts
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.turned_clock import TurnedClock

SAMPLE = Path(__file__).parents[3] / "events" / "recogniser" / "contact_lens_segments.jsonl"
RECORDS: list[dict[str, Any]] = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
EVENTS = [read_segment_event(record) for record in RECORDS]


def says(role: str, text: str, start_ms: int, *, interim: bool = False) -> SegmentEvent:
    spoken = {
        "Id": f"t{start_ms}", "TranscriptId": f"t{start_ms}", "ParticipantRole": role, "BeginOffsetMillis": start_ms,
        "EndOffsetMillis": start_ms + 900, "PartialContent" if interim else "Content": text,
    }  # fmt: skip
    segment = {"Utterance" if interim else "Transcript": spoken}
    return read_segment_event({**RECORDS[0], "EventType": "SEGMENTS", "Segments": [segment]})


class Down(Retryable):
    pass


class StoredAfter(LeasesInMemory):
    """Storage is down for so many commits."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self._failures = failures

    def commit(self, lease: Lease, utterance: Utterance, checkpoint: Checkpoint) -> Lease:
        self._failures -= 1
        if self._failures >= 0:
            raise Down("storage is down")
        return super().commit(lease, utterance, checkpoint)


@dataclass
class Office:
    """Everything that the consumer asks, in memory."""

    consent: Consent = field(default_factory=Consent)
    log: ConsentsInMemory = field(default_factory=ConsentsInMemory)
    contacts: ContactsInMemory = field(default_factory=ContactsInMemory)
    leases: Leases = field(default_factory=LeasesInMemory)
    sink: RecordingSink = field(default_factory=RecordingSink)
    alarms: list[str] = field(default_factory=list)
    redactor: Callable[[Contact], Redactor] = lambda contact: ConversationRedactor(RedactionRules.of({}))

    @property
    def stored(self) -> list[Utterance]:
        lease = self.lease
        return self.leases.committed_after(lease, 0) if lease else []

    @property
    def lease(self) -> Lease | None:
        return self.leases.current("bank", EVENTS[0].contact_id)

    def consumer(self) -> SegmentConsumer:
        clock = TurnedClock()
        books = BooksInMemory(any_book("bank", EVENTS[0].instance, consent=self.consent))
        session = SessionPorts(
            redactor=self.redactor,
            consent=ConsentPorts(lambda tenant: self.consent.rule, self.log, clock),
            leases=self.leases,
            clock=clock,
            redaction_alarm=lambda tenant: self.alarms.append,
        )
        consent = BookConsent(books, self.log, clock)
        return SegmentConsumer(SegmentPorts(books, self.contacts, consent, session, self.sink))

    def receives(self, *events: SegmentEvent) -> Office:
        consumer = self.consumer()

        async def accept() -> None:
            for event in events:
                await consumer.accept(event, arrived_at_ms=1_790_000_000_000)

        asyncio.run(accept())
        return self


def test_the_sample_is_read_as_it_is_documented() -> None:
    assert [event.kind for event in EVENTS] == [
        EventType.STARTED, EventType.SEGMENTS, EventType.SEGMENTS, EventType.SEGMENTS, EventType.COMPLETED,
    ]  # fmt: skip
    assert [(each.speaker, each.start_ms, each.is_final) for each in EVENTS[3].results] == [
        (Speaker.CUSTOMER, 6200, False), (Speaker.CUSTOMER, 6200, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field_named"),
    [({"Channel": "CHAT"}, "Channel"), ({"ContactId": ""}, "ContactId"), ({"EventType": "OTHER"}, "EventType")],
)
def test_a_record_of_another_kind_is_refused_by_field_and_without_its_content(
    change: dict[str, str], field_named: str
) -> None:
    with pytest.raises(NotASegmentEvent, match=field_named) as refused:
        read_segment_event({**RECORDS[3], **change})
    assert "4111" not in str(refused.value)


def test_turns_are_redacted_committed_shown_and_guided_on() -> None:
    office = Office().receives(*EVENTS)
    assert [(u.seq, u.speaker, u.start_ms) for u in office.stored] == [(1, "agent", 900), (2, "customer", 6200)]
    assert office.sink.guided == office.stored
    assert office.stored[1].text == "I lost my card, it is [card number]."
    assert "4111" not in repr(office.sink.published + office.stored)
    assert [each.call_time_ms for each in office.sink.ticks] == [5500, 5500, 11400]
    assert office.lease is not None and office.lease.is_released


def test_an_interim_is_all_of_its_turn_so_far() -> None:
    interims = [u.text for u in Office().receives(*EVENTS[:2]).sink.published]
    assert interims == [
        "Thank you for calling Harbour Bank, my name is Emma.",
        "Thank you for calling Harbour Bank, my name is Emma. How can I help you today?",
    ]


def test_repeated_records_change_nothing_also_in_another_process() -> None:
    office = Office().receives(*EVENTS[:4])
    before = list(office.stored)
    assert office.receives(*EVENTS[:4]).stored == before


def test_a_number_that_was_begun_is_masked_to_its_end_by_another_process() -> None:
    office = Office()
    office.receives(says("CUSTOMER", "my card number is four one one one", 1_000))
    office.receives(says("CUSTOMER", "one one one one one one one one one one one one", 4_000))
    assert all("one" not in utterance.text for utterance in office.stored)


def test_what_was_committed_and_perhaps_not_published_is_published_by_the_next_process() -> None:
    office = Office().receives(*EVENTS[:3])
    office.sink.guided.clear()
    office.receives(EVENTS[3])
    assert [u.seq for u in office.sink.guided] == [1, 2]


async def test_after_a_failure_the_contacts_later_records_wait_so_that_none_is_lost() -> None:
    office = Office(leases=StoredAfter(8))
    consumer = office.consumer()
    consumer.begin_batch()
    with pytest.raises(Down):
        await consumer.accept(EVENTS[2], arrived_at_ms=0)
    with pytest.raises(EarlierRecordFailed):
        await consumer.accept(EVENTS[3], arrived_at_ms=0)
    consumer.begin_batch()
    for event in EVENTS[2:4]:
        await consumer.accept(event, arrived_at_ms=0)
    assert [u.seq for u in office.stored] == [1, 2]


def test_a_call_that_an_audio_worker_transcribes_is_left_to_it() -> None:
    office = Office()
    office.leases.take("bank", EVENTS[0].contact_id, Takeover("worker", 1), now_ms=0)
    assert office.receives(*EVENTS).stored == []


def test_an_instance_that_nobody_claimed_is_not_transcribed() -> None:
    assert Office().receives(replace(EVENTS[3], instance="9999")).stored == []


def test_a_call_that_the_rule_leaves_out_is_not_transcribed() -> None:
    office = Office(Consent.short("never")).receives(*EVENTS)
    assert office.stored == [] and [each.reason for each in office.log.records] == ["never"]


def test_a_refusal_ends_the_capture_for_every_later_process() -> None:
    office = Office(Consent(on_refusal=OnRefusal.DROP))
    office.receives(*EVENTS[:3], says("CUSTOMER", "please stop recording", 20_000), says("CUSTOMER", "well", 22_000))
    office.receives(says("CUSTOMER", "my card", 24_000))
    assert len(office.stored) == 1 and office.log.records[-1].drop_kept
    assert office.log.records[-1].reason == "customer_refused"


def test_under_the_spoken_rule_nothing_is_kept_before_the_consent() -> None:
    office = Office(Consent(basis=ConsentBasis.SPOKEN)).receives(
        says("CUSTOMER", "my name is Ann", 1_000),
        says("AGENT", "is it okay if we record this call", 3_000),
        says("CUSTOMER", "yes that's fine", 5_000),
        says("CUSTOMER", "so my card", 7_000),
    )
    assert [u.text for u in office.stored] == ["Yes that's fine", "So my card"]
