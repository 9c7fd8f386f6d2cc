"""Amazon Connect's side of a call: media streaming, the contact flow's Lambda block, and contact events.

Emulated as documented: the flow invokes ``start_guidance`` once media streams, waits at most 8 s and reads back a flat
map of strings; contact events go to EventBridge. What a customer would hear goes on whatever Sotto answers.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.aws.connect_directory.instance import queue_id, user_id
from local.aws.kinesis_video.muxer import StreamShape, fragments_of
from local.aws.kinesis_video.server import KinesisVideo
from local.aws.kinesis_video.stream import LiveStream, play
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.media.stereo import SAMPLE_RATE_HZ

ACCOUNT, REGION = "111122223333", "us-east-1"


class FlowFailed(Retryable):
    """The Lambda block of the contact flow took its error branch."""


@dataclass(frozen=True, slots=True)
class CallParties:
    """Who calls whom. ``agent`` is a username of the instance: events name its ARN, which ends in a UUID."""

    instance_id: str
    agent: str
    queue: str = "BasicQueue"
    attributes: Mapping[str, str] = field(default_factory=dict)
    initiation_method: str = "INBOUND"


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call in progress. ``answer`` is what the contact flow read back."""

    contact_id: str
    started_at_ms: int
    stream: LiveStream
    caller: CallParties
    audio: bytes
    answer: Mapping[str, str]


def instance_arn(instance_id: str) -> str:
    return f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance_id}"


def contact_flow_event(contact_id: str, caller: CallParties, stream_arn: str, started_at_ms: int) -> dict[str, Any]:
    """The event in the shape that Connect sends: numbers as strings, null where Connect sends null."""
    audio = {
        "StreamARN": stream_arn,
        "StartTimestamp": str(started_at_ms),
        "StopTimestamp": None,
        "StartFragmentNumber": "91343852333181432392682062622220590765191907586",
    }
    contact_data = {
        "Attributes": dict(caller.attributes),
        "Channel": "VOICE",
        "ContactId": contact_id,
        "CustomerEndpoint": {"Address": "+15555550123", "Type": "TELEPHONE_NUMBER"},
        "CustomerId": None,
        "Description": None,
        "InitialContactId": contact_id,
        "InitiationMethod": caller.initiation_method,
        "InstanceARN": instance_arn(caller.instance_id),
        "LanguageCode": "en-US",
        "MediaStreams": {"Customer": {"Audio": audio}},
        "Name": None,
        "PreviousContactId": contact_id,
        "Queue": {
            "ARN": f"{instance_arn(caller.instance_id)}/queue/{queue_id(caller.queue)}",
            "Name": caller.queue,
            "OutboundCallerId": {"Address": None, "Type": None},
        },
        "References": {},
        "SystemEndpoint": {"Address": "+15555550100", "Type": "TELEPHONE_NUMBER"},
    }
    return {"Details": {"ContactData": contact_data, "Parameters": {}}, "Name": "ContactFlowEvent"}


def contact_event(kind: str, call: PlacedCall, at_ms: float) -> dict[str, Any]:
    """The ``detail`` of an Amazon Connect Contact Event at ``at_ms`` (Unix epoch)."""
    arn = instance_arn(call.caller.instance_id)
    detail: dict[str, Any] = {
        "eventType": kind,
        "contactId": call.contact_id,
        "channel": "VOICE",
        "instanceArn": arn,
        "initiationMethod": call.caller.initiation_method,
    }
    if kind in ("CONNECTED_TO_AGENT", "DISCONNECTED"):
        detail["agentInfo"] = {
            "agentArn": f"{arn}/agent/{user_id(call.caller.instance_id, call.caller.agent)}",
            "connectedToAgentTimestamp": _timestamp(at_ms if kind == "CONNECTED_TO_AGENT" else call.started_at_ms),
        }
    return detail


def _timestamp(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class AmazonConnect:
    """Places calls. ``functions`` and ``events`` are boto3 clients of Lambda and EventBridge."""

    def __init__(self, functions: Any, events: Any, media: KinesisVideo, clock: Clock) -> None:
        self._functions = functions
        self._events = events
        self._media = media
        self._clock = clock

    async def place(self, audio: bytes, caller: CallParties, *, contact_id: str = "") -> PlacedCall:
        """Start media streaming, run the contact flow's Lambda block, and connect the agent. Raises FlowFailed."""
        contact_id = contact_id or str(uuid.uuid4())
        started_at_ms = int(self._clock.now_ms())
        arn = f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/sotto-connect-{contact_id}/{started_at_ms}"
        stream = self._media.create_stream(arn)
        event = contact_flow_event(contact_id, caller, arn, started_at_ms)
        answer = await asyncio.to_thread(self._invoke, "start_guidance", event)
        call = PlacedCall(contact_id, started_at_ms, stream, caller, audio, answer)
        for kind in ("INITIATED", "CONNECTED_TO_SYSTEM", "QUEUED", "CONNECTED_TO_AGENT"):
            await self._put_contact_event(kind, call, started_at_ms)
        return call

    async def play(self, call: PlacedCall, *, speed: float = 1.0, shape: StreamShape | None = None) -> None:
        """Stream the call's audio in real time, ``speed`` times faster, or at once (0); then hang up."""
        fragments = fragments_of(
            call.audio,
            contact_id=call.contact_id,
            instance_id=call.caller.instance_id,
            started_at_ms=call.started_at_ms,
            shape=shape,
        )
        await play(call.stream, fragments, self._clock, speed=speed)
        await self._put_contact_event("DISCONNECTED", call, call.started_at_ms + duration_ms(call.audio))

    def _invoke(self, name: str, event: dict[str, Any]) -> dict[str, str]:
        answer = self._functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        payload: dict[str, str] = json.loads(answer["Payload"].read())
        flat = isinstance(payload, dict) and all(isinstance(value, str) for value in payload.values())
        if answer.get("FunctionError") or not flat:
            raise FlowFailed(f"the flow's Lambda block {name} took its error branch")
        return payload

    async def _put_contact_event(self, kind: str, call: PlacedCall, at_ms: float) -> None:
        entry = {
            "Source": "aws.connect",
            "DetailType": "Amazon Connect Contact Event",
            "Detail": json.dumps(contact_event(kind, call, at_ms)),
            "Resources": [instance_arn(call.caller.instance_id)],
            "Time": datetime.fromtimestamp(at_ms / 1000, UTC),
        }
        await asyncio.to_thread(self._events.put_events, Entries=[entry])


def duration_ms(audio: bytes) -> int:
    """Length of a stereo s16le recording at 8 kHz."""
    return len(audio) // 4 * 1000 // SAMPLE_RATE_HZ
