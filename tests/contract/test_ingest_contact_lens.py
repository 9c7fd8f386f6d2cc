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
from local.aws.resources import _create_table
from local.functions_environment import forget_wiring
from sotto.core.resources import SOTTO
from sotto.sources.contact_lens.segment_event import read_segment_event
from sotto.wiring.process import client
from sotto.wiring.publishing import book_from
from sotto.wiring.stores import books, conversations

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
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        # Nobody answers there: the screen misses what is stored, and nothing else changes.
        "SOTTO_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        forget_wiring()
        for table in SOTTO.tables:
            _create_table(table, client("dynamodb"))
        client("s3").create_bucket(Bucket="sotto-artifacts")
        books().publish(book_from(ROOT / "tenants" / "harbour_bank"))
        yield
    forget_wiring()


def stored() -> list[str]:
    found = conversations().utterances("harbour_bank", EVENTS[0].contact_id, 0, 100)
    return [utterance.text for utterance in found]


@pytest.mark.usefixtures("bank")
def test_a_call_is_stored_redacted_and_records_that_cannot_be_read_hold_nothing_up() -> None:
    answer = function.handler(batch(LINES[0], LINES[1], "not JSON", '{"EventType": "OTHER"}', *LINES[2:]), None)
    assert answer == {"batchItemFailures": []}
    assert stored()[0].startswith("Thank you for calling") and "[card number]" in stored()[1]


@pytest.mark.usefixtures("bank")
def test_what_fails_is_reported_with_all_that_follows_it_and_succeeds_the_next_time() -> None:
    function.handler(batch(LINES[0]), None)
    client("dynamodb").delete_table(TableName="sotto-contacts")
    answer = function.handler(batch(*LINES[1:4]), None)
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["0", "1", "2"]
    _create_table(SOTTO.tables[0], client("dynamodb"))
    assert function.handler(batch(*LINES[1:4]), None) == {"batchItemFailures": []}
    assert len(stored()) == 2
