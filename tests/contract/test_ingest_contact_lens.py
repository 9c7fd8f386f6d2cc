"""Contract tests: the function that a Kinesis stream of Contact Lens segments invokes, on moto's DynamoDB and S3."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from functions.ingest_contact_lens import handler as function
from local.aws.resources import create_table
from local.records import records_environment
from sotto.aws.session import SharedSession
from sotto.call.contact import Channel
from sotto.core.resources import CONTACTS, TENANTS
from sotto.sources.contact_lens.segment_event import read_segment_event
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "events" / "recogniser" / "contact_lens_segments.jsonl").read_text().splitlines()
EVENTS = [read_segment_event(json.loads(line)) for line in LINES]


def batch(*records: str) -> dict[str, Any]:
    return {"Records": [_record(number, data) for number, data in enumerate(records)]}


def _record(number: int, data: str) -> dict[str, Any]:
    arn = "arn:aws:kinesis:us-east-1:111122223333:stream/contact-lens"
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "contact",
            "sequenceNumber": str(number),
            "data": base64.b64encode(data.encode()).decode(),
            "approximateArrivalTimestamp": 1_790_000_000.25,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000000:{number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": "arn:aws:iam::111122223333:role/sotto",
        "awsRegion": "us-east-1",
        "eventSourceARN": arn,
    }


@pytest.fixture
def bank() -> Iterator[Sotto]:
    environment = {
        "AWS_REGION": "us-east-1",
        # Nobody answers there: the screen misses what is stored, and nothing else changes.
        "SOTTO_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
        **records_environment(),
    }
    session = SharedSession(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    with mock_aws():
        sotto = Sotto.of(environment, session=session)
        for table in (CONTACTS, TENANTS):
            create_table(table, sotto.client("dynamodb"))
        sotto.client("s3").create_bucket(Bucket="sotto-artifacts")
        sotto.books.publish(book_from(ROOT / "tenants" / "harbour_bank"))
        yield sotto


def stored(bank: Sotto) -> list[str]:
    found = bank.conversations.utterances("harbour_bank", EVENTS[0].contact_id, 0, 100)
    return [utterance.text for utterance in found]


def test_a_call_is_stored_redacted_and_records_that_cannot_be_read_hold_nothing_up(bank: Sotto) -> None:
    answer = function.handler.within(bank)(
        batch(LINES[0], LINES[1], "not JSON", '{"EventType": "OTHER"}', *LINES[2:]), None
    )
    assert answer == {"batchItemFailures": []}
    assert stored(bank)[0].startswith("Thank you for calling") and "[card number]" in stored(bank)[1]


def test_what_fails_is_reported_with_all_that_follows_it_and_succeeds_the_next_time(bank: Sotto) -> None:
    function.handler.within(bank)(batch(LINES[0]), None)
    bank.client("dynamodb").delete_table(TableName="sotto-contacts")
    answer = function.handler.within(bank)(batch(*LINES[1:4]), None)
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["0", "1", "2"]
    create_table(CONTACTS, bank.client("dynamodb"))
    assert function.handler.within(bank)(batch(*LINES[1:4]), None) == {"batchItemFailures": []}
    assert len(stored(bank)) == 2


CHAT = (ROOT / "events" / "recogniser" / "contact_lens_chat_segments.jsonl").read_text().splitlines()


def test_a_chat_through_the_same_stream_is_stored_once_whatever_comes_twice_and_late(bank: Sotto) -> None:
    shuffled = [CHAT[0], CHAT[6], CHAT[2], CHAT[4], CHAT[2], CHAT[3], CHAT[7], CHAT[5], CHAT[4]]
    assert function.handler.within(bank)(batch(*shuffled), None) == {"batchItemFailures": []}
    assert function.handler.within(bank)(batch(*CHAT), None) == {"batchItemFailures": []}
    contact_id = json.loads(CHAT[0])["ContactId"]
    found = bank.conversations.utterances("harbour_bank", contact_id, 0, 100)
    assert len(found) == 8 and not any(word in repr(found) for word in ("4111", "123", "Maria", "passport"))
    contact = bank.contacts.contact("harbour_bank", contact_id)
    assert contact is not None and contact.channel is Channel.CHAT
