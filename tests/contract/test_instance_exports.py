"""Contract: the functions that Kinesis streams of an instance invoke, on moto's DynamoDB, with records as Connect
writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from functions.ingest_agent_events.handler import handler as take_agent_events
from functions.ingest_contact_records.handler import handler as take_contact_records
from local.aws.connect.contacts import ConnectContact
from local.aws.connect.exports import agent_event, batch, contact_record
from local.aws.connect_directory.instance import EmulatedInstance, user_id
from local.aws.resources import create_table
from local.records import records_environment
from sotto.aws.session import SharedSession
from sotto.call.contact import Contact
from sotto.core.resources import CONTACTS, DIRECTORY, TENANTS
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto
from tests.fakes.channel import ChannelInMemory

ROOT = Path(__file__).parents[2]
BANK = "11111111-2222-3333-4444-555555555555"
CALL = ConnectContact(
    "c1",
    BANK,
    "INBOUND",
    1_790_000_000_000,
    "c1",
    attributes={"name": "Jane Roe"},
    queue="Loans",
    enqueued_at_ms=1_790_000_005_000,
    agent="emma",
    connected_at_ms=1_790_000_065_000,
    disconnected_at_ms=1_790_000_125_000,
)


@pytest.fixture
def bank() -> Iterator[Sotto]:
    session = SharedSession(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    with mock_aws():
        environment = {"AWS_REGION": "us-east-1", **records_environment()}
        sotto = Sotto.of(environment, session=session, channel=ChannelInMemory())
        for table in (CONTACTS, TENANTS, DIRECTORY):
            create_table(table, sotto.client("dynamodb"))
        sotto.client("s3").create_bucket(Bucket="sotto-artifacts")
        sotto.books.publish(book_from(ROOT / "tenants" / "harbour_bank"))
        sotto.contacts.record(Contact("harbour_bank", "c1", CALL.arn, "stream", 1_790_000_000_000))
        yield sotto


def records(stream: str, *written: Any) -> dict[str, Any]:
    found = [batch(stream, number, each)["Records"][0] for number, each in enumerate(written, start=1)]
    return {"Records": found}


def test_a_contact_record_becomes_facts_and_what_cannot_be_read_holds_nothing_up(bank: Sotto) -> None:
    written = records(
        "CONTACT_TRACE_RECORDS", {"no": "record"}, "text", contact_record(CALL, 30), contact_record(CALL, 0)
    )
    assert take_contact_records.within(bank)(written, None) == {"batchItemFailures": []}
    facts = bank.facts.facts("harbour_bank", "c1")
    assert facts is not None
    assert (facts.queue_ms, facts.talk_ms, facts.after_contact_work_ms) == (60_000, 60_000, 30_000)
    rows = json.dumps(bank.client("dynamodb").scan(TableName="sotto-contacts")["Items"])
    assert "Jane" not in rows and "+1555" not in rows and "emma" not in rows


def test_records_that_could_not_be_stored_come_again(bank: Sotto) -> None:
    written = records("CONTACT_TRACE_RECORDS", contact_record(CALL, 0), contact_record(CALL, 30))
    bank.client("dynamodb").delete_table(TableName="sotto-contacts")
    failed = take_contact_records.within(bank)(written, None)["batchItemFailures"]
    assert [each["itemIdentifier"] for each in failed] == ["1", "2"]
    create_table(CONTACTS, bank.client("dynamodb"))
    bank.contacts.record(Contact("harbour_bank", "c1", CALL.arn, "stream", 1_790_000_000_000))
    assert take_contact_records.within(bank)(written, None) == {"batchItemFailures": []}
    facts = bank.facts.facts("harbour_bank", "c1")
    assert facts is not None
    assert facts.after_contact_work_ms == 30_000


def test_an_agent_event_puts_the_agent_into_the_directory(bank: Sotto) -> None:
    instance = EmulatedInstance(CALL.arn)
    instance.add_user("emma", groups=("Bank", "Loans"))
    written = records("AGENT_EVENTS", "text", agent_event("LOGIN", CALL, instance, 1_790_000_000_000))
    assert take_agent_events.within(bank)(written, None) == {"batchItemFailures": []}
    emma = bank.directory_store.agent("harbour_bank", user_id(BANK, "emma"))
    assert emma is not None
    assert (emma.username, emma.groups, emma.routing_profile) == ("emma", ("Bank", "Loans"), "Basic Routing Profile")
