"""Unit: the emulation of Connect is no kinder than Connect."""

from __future__ import annotations

import random
from typing import Any

import pytest

from local.aws.connect import ConnectContact, ConnectContacts, ContactEventFaults, queue_arn
from local.aws.connect.delivery import KINDS
from local.aws.connect.documents import UNSET, contact_event, contact_flow_event, entry

CONTACT = ConnectContact("c1", "i", "INBOUND", 1_000, "c1", attributes={"tier": "gold"})
WITH_AGENT = ConnectContact(
    "c2", "i", "TRANSFER", 1_000, "c1", "c1", queue="cards", enqueued_at_ms=2_000, agent="emma", connected_at_ms=3_000
)


def of_flow(contact: ConnectContact, *, is_whisper: bool = False) -> dict[str, Any]:
    details: dict[str, Any] = contact_flow_event(contact, "arn", 1_000, is_whisper=is_whisper)["Details"]
    return details


def test_an_inbound_flow_knows_no_queue_and_a_whisper_flow_queue_and_agent() -> None:
    inbound, whisper = of_flow(WITH_AGENT), of_flow(WITH_AGENT, is_whisper=True)
    assert inbound["ContactData"]["Queue"] is None and inbound["Parameters"] == {}
    assert whisper["ContactData"]["Queue"]["ARN"] == queue_arn("i", "cards")
    assert whisper["Parameters"]["agent"].endswith(f"/agent/{WITH_AGENT.agent_id}")


def test_contact_events_hold_what_is_known_by_then_and_never_attributes_or_names() -> None:
    first, later = contact_event("INITIATED", CONTACT), contact_event("DISCONNECTED", WITH_AGENT)
    assert {"queueInfo", "agentInfo", "initialContactId", "attributes"}.isdisjoint(first)
    assert later["queueInfo"]["queueArn"] == queue_arn("i", "cards")
    assert (later["initialContactId"], later["previousContactId"]) == ("c1", "c1")
    assert "cards" not in str(later) and "gold" not in str(first)


def test_outbound_contacts_events_name_no_queue() -> None:
    outbound = ConnectContact("c3", "i", "OUTBOUND", 1_000, "c3", queue="cards", enqueued_at_ms=2_000)
    assert "queueInfo" not in contact_event("CONNECTED_TO_AGENT", outbound)


def test_a_time_that_has_not_come_is_the_beginning_of_1970() -> None:
    ringing = ConnectContact("c3", "i", "INBOUND", 1_000, "c3", agent="emma")
    assert contact_event("CONTACT_DATA_UPDATED", ringing)["agentInfo"]["connectedToAgentTimestamp"] == UNSET


def test_keys_come_in_either_case() -> None:
    seen = {next(iter(entry({"eventType": "X"}, "arn", 0, random.Random(n))["Detail"])) for n in range(20)}
    assert seen == {"eventType", "EventType"}


def test_one_seed_treats_one_event_always_the_same() -> None:
    storm = ContactEventFaults.storm(7)
    asked = [("c1", kind, number) for kind in KINDS for number in range(3)]
    assert [storm.waits_s(*each) for each in asked] == [storm.waits_s(*each) for each in asked]


def test_a_storm_loses_doubles_and_delays() -> None:
    waits = [ContactEventFaults.storm(seed).waits_s("c1", "QUEUED", 0) for seed in range(50)]
    assert {len(each) for each in waits} == {0, 1, 2}
    assert max(max(each, default=0.0) for each in waits) > 1.0
    connected = [ContactEventFaults.storm(seed).waits_s("c1", "CONNECTED_TO_AGENT", 0) for seed in range(50)]
    assert all(connected)


def test_attributes_belong_to_the_whole_chain_of_contacts() -> None:
    contacts = ConnectContacts()
    contacts.add(CONTACT)
    contacts.add(WITH_AGENT)
    contacts.set_attributes("c2", {"segment": "premier"})
    assert contacts["c1"].attributes == {"tier": "gold", "segment": "premier"}
    assert contacts["c2"].attributes["segment"] == "premier"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_unless_it_may_be(kind: str) -> None:
    lossy = ContactEventFaults(lost=1.0, may_be_lost=("QUEUED",), doubled=0.0)
    assert len(lossy.waits_s("c1", kind, 0)) == (0 if kind == "QUEUED" else 1)
