"""What an instance exports to Kinesis streams, and how Lambda reads them: contact records and agent events.

As documented: contact records come late, at least once, and again when something is added; agent events hold the agent
as configured at that moment. Each record is a batch by itself here, which is brought again until it is taken.
"""

from __future__ import annotations

import base64
import json
import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.aws.connect.contacts import ConnectContact
from local.aws.connect.documents import timestamp
from local.aws.connect_directory.instance import EmulatedInstance
from local.aws.lambda_timetable import Timetable

log = logging.getLogger(__name__)

READERS = {"CONTACT_TRACE_RECORDS": "ingest_contact_records", "AGENT_EVENTS": "ingest_agent_events"}
AFTER_CONTACT_WORK_S = 30
AGAIN_S = 0.2
MOST_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class ExportFaults:
    """Each record comes up to ``late_s`` late by itself, so that a newer one may overtake the older, and is written a
    second time with the probability ``doubled``. In AWS it is minutes."""

    doubled: float = 0.3
    late_s: float = 0.3
    seed: int = 0


class InstanceExports:
    """``invoke(function, payload)`` answers with the payload, or raises. ``instances``: the directory's, by id.
    ``recording_of`` a contact: bucket and key."""

    def __init__(
        self,
        invoke: Callable[[str, bytes], Any],
        instances: Mapping[str, EmulatedInstance],
        faults: ExportFaults | None = None,
        recording_of: Callable[[ConnectContact], str | None] = lambda contact: None,
    ) -> None:
        self._recording_of = recording_of
        self._invoke = invoke
        self._instances = instances
        self._faults = faults or ExportFaults()
        self._chance = random.Random(self._faults.seed)
        self._lock = threading.Lock()
        self._pending = 0
        self._written = 0
        self._timetable: Timetable | None = None

    def agent_connected(self, contact: ConnectContact, *, tells_states: bool = True) -> None:
        self._export_agent("LOGIN", contact, contact.connected_at_ms)
        if tells_states:
            self.agent_changed(contact, "CONNECTED", contact.connected_at_ms)

    def agent_changed(self, contact: ConnectContact, state: str, since_ms: float | None) -> None:
        """Of the contact: CONNECTED or CONNECTED_ONHOLD."""
        self._export_agent("STATE_CHANGE", contact, since_ms, state)

    def contact_ended(self, contact: ConnectContact) -> None:
        """The record, and the one with the work after the contact; the agent goes on, and home."""
        for after_s in (0, AFTER_CONTACT_WORK_S):
            self._export("CONTACT_TRACE_RECORDS", contact_record(contact, after_s, self._recording_of(contact)))
        for kind in ("STATE_CHANGE", "HEART_BEAT", "LOGOUT"):
            self._export_agent(kind, contact, contact.disconnected_at_ms)

    def busy(self) -> bool:
        with self._lock:
            return self._pending > 0

    def stop(self) -> None:
        if self._timetable is not None:
            self._timetable.stop()

    def _export_agent(self, kind: str, contact: ConnectContact, at_ms: float | None, state: str = "") -> None:
        instance = self._instances.get(contact.instance_id)
        if instance is not None and contact.agent_id in instance.users:
            self._export("AGENT_EVENTS", agent_event(kind, contact, instance, at_ms, state))

    def _export(self, stream: str, record: Mapping[str, Any]) -> None:
        with self._lock:
            copies = 2 if self._chance.random() < self._faults.doubled else 1
            waits_s = [self._chance.uniform(0, self._faults.late_s) for _ in range(copies)]
            self._pending += copies
            self._timetable = self._timetable or Timetable()
        for wait_s in waits_s:
            self._timetable.after(wait_s, lambda: self._read(READERS[stream], stream, record, attempt=1))

    def _read(self, function: str, stream: str, record: Mapping[str, Any], *, attempt: int) -> None:
        with self._lock:
            self._written += 1
            number = self._written
        try:
            answer = self._invoke(function, json.dumps(batch(stream, number, record)).encode())
            failed = bool(answer and answer["batchItemFailures"])
        except Exception as error:  # the stack may be ending; the timetable's thread must not
            log.warning("records not taken", extra={"error": type(error).__name__})
            failed = True
        if failed and attempt < MOST_ATTEMPTS and self._timetable is not None:
            self._timetable.after(AGAIN_S, lambda: self._read(function, stream, record, attempt=attempt + 1))
            return
        with self._lock:
            self._pending -= 1


def batch(
    stream: str, number: int, record: Mapping[str, Any], *, arrived_at_ms: float = 1_790_000_000_250.0
) -> dict[str, Any]:
    """As an event source mapping invokes a function."""
    arn = f"arn:aws:kinesis:us-east-1:111122223333:stream/{stream.lower()}"
    kinesis = {
        "kinesisSchemaVersion": "1.0",
        "partitionKey": "shard",
        "sequenceNumber": str(number),
        "data": base64.b64encode(json.dumps(record).encode()).decode(),
        "approximateArrivalTimestamp": arrived_at_ms / 1000,
    }
    whole = {
        "kinesis": kinesis,
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000000:{number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": "arn:aws:iam::111122223333:role/sotto",
        "awsRegion": "us-east-1",
        "eventSourceARN": arn,
    }
    return {"Records": [whole]}


def contact_record(contact: ConnectContact, after_contact_work_s: int, recording: str | None = None) -> dict[str, Any]:
    """``recording``: bucket and key.
    https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html"""
    ended_at_ms = contact.disconnected_at_ms or contact.initiated_at_ms
    record: dict[str, Any] = {
        "AWSAccountId": "111122223333",
        "AWSContactTraceRecordFormatVersion": "2017-03-10",
        "Attributes": dict(contact.attributes),
        "Channel": contact.channel,
        "ContactId": contact.contact_id,
        "CustomerEndpoint": None
        if contact.channel == "CHAT"
        else {"Address": "+15555550123", "Type": "TELEPHONE_NUMBER"},
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "DisconnectTimestamp": timestamp(ended_at_ms),
        "InitialContactId": None if contact.initial_contact_id == contact.contact_id else contact.initial_contact_id,
        "InitiationMethod": contact.initiation_method,
        "InitiationTimestamp": timestamp(contact.initiated_at_ms),
        "InstanceARN": contact.arn,
        "LastUpdateTimestamp": timestamp(ended_at_ms + after_contact_work_s * 1000),
        "NextContactId": None,
        "PreviousContactId": contact.previous_contact_id,
        "Queue": None,
        "Agent": None,
        "Recording": recording and {"Location": recording, "Status": "AVAILABLE", "Type": "AUDIO"},
        "Recordings": recording
        and [
            {
                "Location": recording,
                "MediaStreamType": "AUDIO",
                "ParticipantType": "ALL",
                "StartTimestamp": timestamp(contact.connected_at_ms),
                "Status": "AVAILABLE",
                "StopTimestamp": timestamp(ended_at_ms),
                "StorageType": "S3",
            }
        ],
        "TransferCompletedTimestamp": None,
    }
    if contact.queue_arn and contact.enqueued_at_ms is not None:
        waited_ms = (contact.connected_at_ms or ended_at_ms) - contact.enqueued_at_ms
        record["Queue"] = {
            "ARN": contact.queue_arn,
            "Name": contact.queue,
            "Duration": round(waited_ms / 1000),
            "EnqueueTimestamp": timestamp(contact.enqueued_at_ms),
        }
    if contact.agent and contact.connected_at_ms is not None:
        record["Agent"] = {
            "ARN": contact.agent_arn,
            "Username": contact.agent,
            "AgentInteractionDuration": round((ended_at_ms - contact.connected_at_ms) / 1000),
            "CustomerHoldDuration": round(sum(contact.held_ms) / 1000),
            "LongestHoldDuration": round(max(contact.held_ms, default=0.0) / 1000),
            "NumberOfHolds": len(contact.held_ms),
            "AfterContactWorkDuration": after_contact_work_s,
            "ConnectedToAgentTimestamp": timestamp(contact.connected_at_ms),
        }
    return record


def agent_event(
    kind: str, contact: ConnectContact, instance: EmulatedInstance, at_ms: float | None, state: str = ""
) -> dict[str, Any]:
    """``state``: that the contact is in since then; empty: the agent has none.
    https://docs.aws.amazon.com/connect/latest/adminguide/agent-event-stream-model.html"""
    user = instance.users[contact.agent_id or ""]
    path = instance.groups[user.group_id].path if user.group_id else ()
    groups = {
        f"Level{level}": {"ARN": f"{instance.arn}/agent-group/{id}", "Name": instance.groups[id].name}
        for level, id in enumerate(path, start=1)
    }
    profile = user.routing_profile_id or ""
    configuration = {
        "AgentHierarchyGroups": groups or None,
        "FirstName": user.first_name,
        "LastName": user.last_name,
        "RoutingProfile": {
            "ARN": f"{instance.arn}/routing-profile/{profile}",
            "Name": instance.routing_profiles.get(profile),
        },
        "Username": user.username,
    }
    held = {
        "ContactId": contact.contact_id,
        "InitialContactId": None if contact.initial_contact_id == contact.contact_id else contact.initial_contact_id,
        "Channel": contact.channel,
        "InitiationMethod": contact.initiation_method,
        "State": state,
        "StateStartTimestamp": timestamp(at_ms),
        "ConnectedToAgentTimestamp": timestamp(contact.connected_at_ms),
        "QueueTimestamp": timestamp(contact.enqueued_at_ms),
        "Queue": contact.queue_arn and {"ARN": contact.queue_arn, "Name": contact.queue},
    }
    contacts = [held] if state else []
    return {
        "AWSAccountId": "111122223333",
        "AgentARN": f"{instance.arn}/agent/{user.id}",
        "CurrentAgentSnapshot": {
            "AgentStatus": {"Name": "Available"},
            "Configuration": configuration,
            "Contacts": contacts,
        },
        "EventId": f"{kind}-{contact.contact_id}",
        "EventTimestamp": timestamp(at_ms),
        "EventType": kind,
        "InstanceARN": instance.arn,
        "PreviousAgentSnapshot": None,
        "Version": "2017-10-01",
    }
