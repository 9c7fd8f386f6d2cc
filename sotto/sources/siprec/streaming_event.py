"""What an Amazon Chime SDK Voice Connector says of a call that it streams to Kinesis Video Streams.

EventBridge brings it, best effort: late, doubled, in any order, or not at all. A call has an event for each of its legs
and state; STARTED and ENDED hold all that is known of the leg, UPDATED only the session's metadata, FAILED neither.
https://docs.aws.amazon.com/chime-sdk/latest/ag/automating-chime-with-cloudwatch-events.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sotto.core.errors import Rejected
from sotto.sources.siprec.metadata import MetadataRefused, SessionMetadata, read_metadata

DETAIL_TYPE = "Chime VoiceConnector Streaming Status"
MEDIA_TYPES = ("audio/l16",)
CLOCK_OFF_MS = 24 * 3_600_000.0
"""A start that is further from its event than a call lasts is no start."""
_CONNECTOR = re.compile(r"[a-zA-Z0-9]{1,64}")
_STREAM = re.compile(
    r"arn:aws[a-z-]*:kinesisvideo:[a-z0-9-]+:\d+:stream/ChimeVoiceConnector-([a-zA-Z0-9]+)-[^/\s]+/\d+"
)


class NotAStreamingEvent(Rejected):
    """The event is not what a Voice Connector sends of its streams. The message names fields, never their values."""


class Status(StrEnum):
    STARTED = "STARTED"
    UPDATED = "UPDATED"
    ENDED = "ENDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Leg:
    """The stream of one side. ``label``: of the session's metadata, "" where there is none. ``is_caller`` is None where
    the connector could not tell. Times are Unix epoch; ``ended_at_ms`` is None until it is over."""

    stream_arn: str
    started_at_ms: float
    ended_at_ms: float | None = None
    is_caller: bool | None = None
    label: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class StreamingEvent:
    """``leg``: None of UPDATED and FAILED. ``caller``: the number that calls, for the consent rule alone. ``metadata``
    is None where there is none; ``unreadable`` says why where it could not be read."""

    status: Status
    voice_connector: str
    connector_arn: str
    call_id: str
    transaction_id: str
    occurred_at_ms: float
    leg: Leg | None = None
    metadata: SessionMetadata | None = None
    unreadable: str = ""
    caller: str | None = None

    @classmethod
    def parsed(cls, event: Any) -> StreamingEvent:
        """Raises NotAStreamingEvent."""
        envelope = event if isinstance(event, Mapping) else {}
        detail = envelope.get("detail")
        detail = detail if isinstance(detail, Mapping) else {}
        needed = ("streamingStatus", "voiceConnectorId", "callId")
        missing = [name for name in needed if not _text(detail, name)]
        if missing:
            raise NotAStreamingEvent(f"detail lacks {', '.join(missing)}; expected '{DETAIL_TYPE}'")
        status, connector = detail["streamingStatus"].upper(), detail["voiceConnectorId"]
        if status not in Status.__members__:
            raise NotAStreamingEvent("detail.streamingStatus: not one that is known")
        if not _CONNECTOR.fullmatch(connector):
            raise NotAStreamingEvent("detail.voiceConnectorId: letters and digits alone")
        occurred_at_ms = _epoch_ms(envelope.get("time"))
        if occurred_at_ms is None:
            raise NotAStreamingEvent("time: not an ISO 8601 time with a zone")
        metadata, unreadable = _metadata(detail)
        region, account = _text(envelope, "region"), _text(envelope, "account")
        return cls(
            status=Status(status),
            voice_connector=connector,
            connector_arn=f"arn:aws:chime:{region}:{account}:vc/{connector}",
            call_id=detail["callId"],
            transaction_id=_text(detail, "transactionId"),
            occurred_at_ms=occurred_at_ms,
            leg=_leg(detail, connector, occurred_at_ms),
            metadata=metadata,
            unreadable=unreadable,
            caller=_text(detail, "fromNumber") or None,
        )


def _leg(detail: Mapping[str, Any], connector: str, occurred_at_ms: float) -> Leg | None:
    arn = _text(detail, "streamArn")
    if not arn:
        return None
    stream = _STREAM.fullmatch(arn)
    if stream is None or stream[1] != connector:
        raise NotAStreamingEvent("detail.streamArn: not a stream of this Voice Connector")
    if _text(detail, "mediaType") and _text(detail, "mediaType").lower() not in MEDIA_TYPES:
        raise NotAStreamingEvent("detail.mediaType: not audio/L16")
    started_at_ms = _epoch_ms(detail.get("startTime"))
    if started_at_ms is None or not occurred_at_ms - CLOCK_OFF_MS < started_at_ms < occurred_at_ms + 60_000:
        started_at_ms = occurred_at_ms
    ended_at_ms = None
    if detail["streamingStatus"].upper() == Status.ENDED:
        ended_at_ms = _epoch_ms(detail.get("endTime"))
        if ended_at_ms is None or not started_at_ms <= ended_at_ms < occurred_at_ms + 60_000:
            ended_at_ms = occurred_at_ms
    sdp = detail.get("sdp")
    sdp = sdp if isinstance(sdp, Mapping) else {}
    index, label, is_caller = sdp.get("mediaIndex"), sdp.get("mediaLabel"), detail.get("isCaller")
    return Leg(
        stream_arn=arn,
        started_at_ms=started_at_ms,
        ended_at_ms=ended_at_ms,
        is_caller=is_caller if isinstance(is_caller, bool) else None,
        label=str(label) if isinstance(label, str | int) else "",
        index=index if isinstance(index, int) and 0 <= index < 1_000 else 0,
    )


def _metadata(detail: Mapping[str, Any]) -> tuple[SessionMetadata | None, str]:
    text = _text(detail, "siprecMetadata")
    if not text.strip():
        return None, ""
    try:
        return read_metadata(text), ""
    except MetadataRefused as refused:
        return None, str(refused)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _epoch_ms(timestamp: Any) -> float | None:
    try:
        at = datetime.fromisoformat(timestamp)
    except (TypeError, ValueError):
        return None
    return at.timestamp() * 1000 if at.tzinfo else None
