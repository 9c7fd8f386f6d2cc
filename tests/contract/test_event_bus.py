"""Contract: what is settled travels from a record's transaction over stream, pipe and bus to the functions that
subscribe to it, however often, late and out of order the bus delivers.

The tables, the pipe, the rules and the consumers are the deployed ones; what they write is read as they left it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from local.aws.event_delivery import DeliveryFaults
from local.aws.resources import create, undelivered
from local.aws.stack import EmbeddedAws
from local.options import REPOSITORY
from sotto.aws import keys
from sotto.aws.table import ConditionFailed
from sotto.call.contact import Contact, Speaker
from sotto.call.envelope import event_from
from sotto.call.events import Event
from sotto.call.utterance import Utterance
from sotto.core.clock import SystemClock
from sotto.core.resources import Resources, RuleSpec
from sotto.transcription.lease.lease import LeaseLost, Takeover
from tests.contract.event_office import NOW_MS, PIPE, WATCH, WITHIN_S, Office

OfficeWith = Callable[[DeliveryFaults], Office]


@pytest.fixture
def office_with() -> Iterator[OfficeWith]:
    opened: list[EmbeddedAws] = []

    def make(delivery_faults: DeliveryFaults) -> Office:
        aws = EmbeddedAws(delivery_faults=delivery_faults)
        aws.functions._retry_delays_s = (0.05, 0.1)
        opened.append(aws.__enter__())
        return Office(aws)

    yield make
    for aws in opened:
        aws.__exit__(None, None, None)


WELL_BEHAVED = DeliveryFaults(doubled=0.0, late_s=0.0)


def test_every_settled_fact_of_a_call_is_delivered_with_its_record_behind_it(office_with: OfficeWith) -> None:
    office = office_with(WELL_BEHAVED)
    office.call("c1", "I want to close my account.", "Thanks.")
    office.settle()
    assert office.delivered("c1") == {
        "conversation.started#contact#0": 1,
        "utterance.committed#customer-1#1": 1,
        "utterance.committed#customer-2#2": 1,
        "transcript.completed#transcript#2": 1,
        "conversation.ended#contact#1": 1,
        "summary.ready#summary#1": 1,
    }
    assert "close my account" not in json.dumps(office.watched)
    envelope = office.watched[0]
    assert (envelope["source"], envelope["detail-type"]) == (PIPE.source, envelope["detail"]["type"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_doubled_late_reordered_and_refused_deliveries_leave_what_one_of_each_leaves(
    office_with: OfficeWith, seed: int
) -> None:
    office = office_with(replace(DeliveryFaults.storm(seed), late_s=0.5))
    for number in range(4):
        office.call(f"c{number}", "I want to close my account.", "Thanks.")
    office.refuse("c3")
    office.settle()
    assert sum(office.delivered("c0").values()) > len(office.delivered("c0")), "the storm doubled nothing"
    for number in range(3):
        kept = office.summaries.summary("bank", f"c{number}")
        assert kept is not None and (kept.version, kept.through_seq) == (1, 2)
        assert office.kinds(f"c{number}").count("summary") == 1
        assert office.delivered(f"c{number}")["summary.ready#summary#1"] >= 1
    assert not {"utterance", "annotation", "summary"} & set(office.kinds("c3"))
    assert len(list(office.audit.entries("bank", _long_ago(), _soon()))) == 1
    assert office.kinds("c3").count("erasure") == 1


def test_a_consumer_that_is_killed_in_mid_work_is_run_again_and_leaves_what_one_run_leaves(
    office_with: OfficeWith,
) -> None:
    office = office_with(WELL_BEHAVED)
    office.go_on.clear()
    office.call("c1", "I want to close my account.")
    for _ in ("transcript.completed", "conversation.ended"):
        assert office.waiting["summarise_call"].acquire(timeout=WITHIN_S)
    assert office.aws.functions.kill("summarise_call") == 2
    office.refuse("c2")
    assert office.waiting["erase_contact"].acquire(timeout=WITHIN_S)
    assert office.aws.functions.kill("erase_contact") == 1
    office.go_on.set()
    office.settle()
    kept = office.summaries.summary("bank", "c1")
    assert kept is not None and kept.version == 1
    assert office.kinds("c2").count("erasure") == 1
    assert len(list(office.audit.entries("bank", _long_ago(), _soon()))) == 1


def test_a_record_that_is_not_written_sends_no_event(office_with: OfficeWith) -> None:
    office = office_with(WELL_BEHAVED)
    contact = Contact("bank", "c1", "arn", "stream", NOW_MS)
    office.contacts.record(contact)
    assert not office.contacts.record(contact)
    lease = office.leases.take("bank", "c1", Takeover("w", 1), now_ms=NOW_MS)
    later = office.leases.take("bank", "c1", Takeover("w", 2), now_ms=NOW_MS)
    assert lease is not None and later is not None
    said = Utterance("bank", "c1", "customer-1", 1, Speaker.CUSTOMER, 1, 2, "hello")
    with pytest.raises(LeaseLost):
        office.leases.commit(lease, said, lease.checkpoint)
    office.settle()
    assert office.delivered("c1") == {"conversation.started#contact#0": 1}


def test_a_record_that_is_written_again_sends_its_event_once(office_with: OfficeWith) -> None:
    office = office_with(WELL_BEHAVED)
    lease = office.leases.take("bank", "c1", Takeover("w", 1), now_ms=NOW_MS)
    assert lease is not None
    said = Utterance("bank", "c1", "customer-1", 1, Speaker.CUSTOMER, 1, 2, "hello")
    for _ in range(3):
        lease = office.leases.commit(lease, said, lease.checkpoint)
    office.settle()
    assert office.delivered("c1") == {"utterance.committed#customer-1#1": 1}


def test_what_no_target_takes_ends_in_its_dead_letters(office_with: OfficeWith) -> None:
    office = office_with(replace(WELL_BEHAVED, refused=1.0))
    rule = RuleSpec("stubborn", {"detail-type": ["conversation.started"]}, WATCH.name, PIPE.bus, retries=1)
    create(Resources(functions=(WATCH,), rules=(rule,)), office.aws.functions, office.aws.engineer, REPOSITORY)
    office.contacts.record(Contact("bank", "c1", "arn", "stream", NOW_MS))
    sqs = office.aws.engineer("sqs")
    url = sqs.get_queue_url(QueueName=undelivered("stubborn"))["QueueUrl"]
    (letter,) = _received(sqs, url)
    event: Event = event_from(json.loads(letter))
    assert event.name == "conversation.started#contact#0"


def test_what_the_bus_does_not_take_is_put_again_until_it_does(office_with: OfficeWith) -> None:
    office = office_with(WELL_BEHAVED)
    from moto.events.models import EventsBackend

    put, failures = EventsBackend.put_events, iter([True, True])

    def failing(self: Any, events: list[dict[str, Any]]) -> Any:
        if any(each.get("Source") == PIPE.source for each in events) and next(failures, False):
            return [{"ErrorCode": "ThrottlingException"} for _ in events]
        return put(self, events)

    EventsBackend.put_events = failing
    try:
        office.contacts.record(Contact("bank", "c1", "arn", "stream", NOW_MS))
        office.settle()
    finally:
        EventsBackend.put_events = put
    assert office.delivered("c1") == {"conversation.started#contact#0": 1}


def test_committing_stays_one_round_trip(office_with: OfficeWith) -> None:
    office = office_with(WELL_BEHAVED)
    lease = office.leases.take("bank", "c1", Takeover("w", 1), now_ms=NOW_MS)
    assert lease is not None
    asked: list[str] = []
    client = office.table._client
    client.meta.events.register("before-call.dynamodb.*", lambda model, **_: asked.append(model.name))
    office.leases.commit(lease, Utterance("bank", "c1", "u", 1, Speaker.AGENT, 1, 2, "hello"), lease.checkpoint)
    assert asked == ["TransactWriteItems"]
    with pytest.raises(ConditionFailed):
        office.table.put({"pk": "bank#c1", "sk": keys.of_utterance(1)}, "attribute_not_exists(pk)")


def _received(sqs: Any, url: str) -> list[str]:
    give_up_at = time.monotonic() + WITHIN_S
    while time.monotonic() < give_up_at:
        found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])
        if found:
            return [each["Body"] for each in found]
    raise AssertionError("no dead letter")


def _long_ago() -> int:
    return int(SystemClock().now_ms()) - 86_400_000


def _soon() -> int:
    return int(SystemClock().now_ms()) + 60_000
