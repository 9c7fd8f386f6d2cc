"""Contract: file_facts and write_facts, on moto's DynamoDB and S3: from a call's records to the tenant's Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from moto import mock_aws

from functions.file_facts.handler import handler as file_facts
from functions.write_facts.handler import handler as write_facts
from sotto.aws.outbox import outbox_item
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.contact_facts import ContactFacts
from sotto.call.envelope import NotAnEvent
from sotto.call.events import ContactMeasured, ConversationEnded, ConversationErased, Event, TranscriptCompleted
from sotto.call.utterance import Utterance
from sotto.core.resources import EVENT_OUTBOX
from sotto.core.settings import Settings
from sotto.transcription.lease.lease import Takeover
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto
from tests.contract.published_account import unpublished

ROOT = Path(__file__).parents[2]
NOW_MS = 1_795_996_800_000
BANK = "harbour_bank"
CONTACT = Contact(BANK, "c1", "arn", "stream", NOW_MS, agent="emma", team="service", queue="Cards")
FACTS = ContactFacts(BANK, "c1", "c1", NOW_MS + 200_000, was_answered=True, talk_ms=90_000, hold_ms=10_000)


class Counting:
    """The functions of a bank with one call of two utterances, that has ended and was measured."""

    def __init__(self, folder: Path) -> None:
        made = unpublished()
        environment = {"SOTTO_CONNECT_INSTANCES": json.dumps({"i1": BANK}), "AWS_REGION": "us-east-1"}
        self.sotto = Sotto(Settings(made.settings.environment | environment), session=made.session)
        self.folder = folder
        self.sotto.books.publish(book_from(ROOT / "tenants" / BANK))
        self.sotto.contacts.record(CONTACT)
        lease = self.sotto.leases.take(BANK, "c1", Takeover("w", 1), now_ms=NOW_MS)
        assert lease is not None
        for seq, speaker in enumerate((Speaker.AGENT, Speaker.CUSTOMER), 1):
            spoken = Utterance(BANK, "c1", f"u{seq}", seq, speaker, seq * 1_000, seq * 3_000, "hello there")
            lease = self.sotto.leases.commit(lease, spoken, lease.checkpoint) or lease
        self.change(status=ContactStatus.ENDED, connected_at_ms=NOW_MS + 1_000, ended_at_ms=NOW_MS + 101_000)
        self.sotto.facts.store(FACTS)

    def change(self, **fields: Any) -> None:
        known = self.sotto.contacts.contact(BANK, "c1")
        assert known is not None
        self.sotto.contacts.replace(
            replace(known, version=known.version + 1, **fields), expected_version=known.version, events=()
        )

    def deliver(self, *events: Event) -> None:
        for event in events:
            file_facts.within(self.sotto)(delivered(event), None)

    def written(self, fact: str) -> list[dict[str, Any]]:
        write_facts.within(self.sotto)({}, None)
        file = self.folder / f"{fact}.parquet"
        if not self.sotto.fact_files.get(BANK, fact, "2026-11-30", file):
            return []
        found = duckdb.sql(f"SELECT * FROM read_parquet('{file}')")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def delivered(event: Event) -> dict[str, Any]:
    item = outbox_item(event)
    detail = {field: item[field] for field in EVENT_OUTBOX.fields}
    return {"detail-type": event.TYPE, "source": EVENT_OUTBOX.source, "detail": json.loads(json.dumps(detail))}


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Counting]:
    with mock_aws():
        yield Counting(tmp_path)


ENDED = ConversationEnded(BANK, "c1", "contact", 2, NOW_MS + 101_000)
COMPLETED = TranscriptCompleted(BANK, "c1", "transcript", 2, NOW_MS + 90_000)
MEASURED = ContactMeasured(BANK, "c1", "facts", 1, 5)
"""Its clock is decades behind the others."""


def test_a_calls_records_become_rows_whatever_the_order_and_the_clocks_of_its_events(counting: Counting) -> None:
    counting.deliver(MEASURED, ENDED, COMPLETED, ENDED)
    (row,) = counting.written("conversation")
    assert (row["team"], row["handle_s"], row["duration_s"], row["synthetic"]) == ("service", 100, 101, False)
    assert {each["speaker"]: each["words"] for each in counting.written("speech")} == {"agent": 2, "customer": 2}
    assert "hello" not in json.dumps([row, *counting.written("contact")])


def test_a_late_record_writes_its_day_anew(counting: Counting) -> None:
    counting.deliver(ENDED)
    assert counting.written("conversation")[0]["after_work_s"] == 0
    counting.sotto.facts.store(replace(FACTS, updated_at_ms=NOW_MS + 900_000, after_contact_work_ms=45_000))
    counting.deliver(MEASURED)
    (row,) = counting.written("conversation")
    assert row["after_work_s"] == 45


def test_an_erased_call_leaves_no_row_and_no_version_of_one(counting: Counting) -> None:
    counting.deliver(ENDED)
    assert counting.written("conversation")
    counting.change(erased=True)
    counting.deliver(ConversationErased.of(BANK, "c1", asked_by=1, at_ms=NOW_MS))
    assert counting.written("conversation") == []
    assert "Versions" not in counting.sotto.client("s3").list_object_versions(Bucket="sotto-facts")


def test_whoever_erases_persons_erases_their_facts_and_finds_none_left(counting: Counting) -> None:
    counting.deliver(ENDED)
    assert counting.written("conversation")
    part = counting.sotto.facts_eraser
    assert part.left(BANK, "c1") == 1
    counting.change(erased=True)
    assert part.erase(BANK, "c1") == {"days written anew": 1} and part.left(BANK, "c1") == 0
    assert part.erase(BANK, "c1") == {"days written anew": 0}
    assert "Versions" not in counting.sotto.client("s3").list_object_versions(Bucket="sotto-facts")


def test_what_is_no_event_is_refused_and_what_nobody_knows_files_nothing(counting: Counting) -> None:
    with pytest.raises(NotAnEvent):
        file_facts.within(counting.sotto)({"detail": {"type": "x"}}, None)
    counting.deliver(replace(ENDED, contact_id="unknown"))
    assert counting.written("conversation") == []
