"""What Connect sends: the event of a flow's Lambda block, and contact events.

https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html and contact-events.html
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from local.aws.connect.contacts import ACCOUNT, REGION, ConnectContact

UNSET = "1970-01-01T00:00:00.001Z"
"""How samples of contact events write a time that has not come yet."""


def contact_flow_event(
    contact: ConnectContact, stream_arn: str, started_at_ms: int, *, is_whisper: bool = False
) -> dict[str, Any]:
    """Numbers as strings, null where Connect sends null: an inbound flow runs before the contact has a queue, and a
    chat streams nothing. The shipped whisper flow passes the agent's ARN as a parameter, because contact data does not
    hold it."""
    is_chat = contact.channel == "CHAT"
    audio = {
        "StreamARN": stream_arn,
        "StartTimestamp": str(started_at_ms),
        "StopTimestamp": None,
        "StartFragmentNumber": "91343852333181432392682062622220590765191907586",
    }
    queue = contact.queue and {
        "ARN": contact.queue_arn,
        "Name": contact.queue,
        "OutboundCallerId": {"Address": None, "Type": None},
    }
    contact_data = {
        "Attributes": dict(contact.attributes),
        "Channel": contact.channel,
        "ContactId": contact.contact_id,
        "CustomerEndpoint": None if is_chat else {"Address": "+15555550123", "Type": "TELEPHONE_NUMBER"},
        "CustomerId": None,
        "Description": None,
        "InitialContactId": contact.initial_contact_id,
        "InitiationMethod": contact.initiation_method,
        "InstanceARN": contact.arn,
        "LanguageCode": "en-US",
        "MediaStreams": {"Customer": {"Audio": None if is_chat else audio}},
        "Name": None,
        "PreviousContactId": contact.previous_contact_id or contact.contact_id,
        "Queue": queue if is_whisper else None,
        "References": {},
        "SystemEndpoint": {"Address": "+15555550100", "Type": "TELEPHONE_NUMBER"},
    }
    parameters = {"agent": contact.agent_arn} if is_whisper else {}
    return {"Details": {"ContactData": contact_data, "Parameters": parameters}, "Name": "ContactFlowEvent"}


def contact_event(kind: str, contact: ConnectContact, **more: Any) -> dict[str, Any]:
    """The ``detail`` of an Amazon Connect Contact Event: all that Connect knows by then. Where a contact is outbound,
    queueInfo is left out; the first contact of a chain names no other."""
    detail: dict[str, Any] = {
        "eventType": kind,
        "contactId": contact.contact_id,
        "channel": contact.channel,
        "instanceArn": contact.arn,
        "initiationMethod": contact.initiation_method,
        "initiationTimestamp": timestamp(contact.initiated_at_ms),
        **more,
    }
    if contact.initial_contact_id != contact.contact_id:
        detail["initialContactId"] = contact.initial_contact_id
        detail["previousContactId"] = contact.previous_contact_id
    if contact.queue_arn and contact.initiation_method != "OUTBOUND":
        detail["queueInfo"] = {
            "queueType": "STANDARD",
            "queueArn": contact.queue_arn,
            "enqueueTimestamp": timestamp(contact.enqueued_at_ms),
        }
    if contact.agent:
        detail["agentInfo"] = {
            "agentArn": contact.agent_arn,
            "connectedToAgentTimestamp": timestamp(contact.connected_at_ms),
            "hierarchyGroups": {},
        }
    if contact.disconnected_at_ms is not None:
        detail["disconnectTimestamp"] = timestamp(contact.disconnected_at_ms)
    return detail


def entry(detail: dict[str, Any], arn: str, at_ms: float, chance: random.Random) -> dict[str, Any]:
    """As PutEvents takes it. Samples differ in the case of their keys, so some of ours do."""
    written = _capitalised(detail) if chance.random() < 0.3 else detail
    return {
        "Source": "aws.connect",
        "DetailType": "Amazon Connect Contact Event",
        "Detail": written,
        "Resources": [arn],
        "Time": datetime.fromtimestamp(at_ms / 1000, UTC),
    }


def timestamp(at_ms: float | None) -> str:
    if at_ms is None:
        return UNSET
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _capitalised(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: _capitalised(each) for key, each in value.items()}
    return value


def stream_arn_of(contact_id: str, started_at_ms: int) -> str:
    return f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/sotto-connect-{contact_id}/{started_at_ms}"
