"""What a Voice Connector sends: its events' details, and the metadata that a session border controller gives it.

https://docs.aws.amazon.com/chime-sdk/latest/ag/automating-chime-with-cloudwatch-events.html; RFC 7865.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from local.aws.connect.documents import timestamp
from sotto.sources.siprec.streaming_event import Status


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody of the session. ``aor``: the address; ``label``: of the stream that they send, "" for none."""

    id: str
    aor: str
    label: str


@dataclass(frozen=True, slots=True)
class LegOnAir:
    """One side's stream. ``is_caller`` is left out where the connector cannot tell."""

    stream_arn: str
    label: str
    index: int
    is_caller: bool | None
    started_at_ms: float
    first_fragment: str


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """``number``: the customer's."""

    voice_connector: str
    call_id: str
    transaction_id: str
    number: str
    metadata: str


def rs_metadata(people: Sequence[Spoken], **fields: str) -> str:
    """A complete snapshot of the session; ``fields``: extensions of whoever wrote it."""
    streams = {each.label: f"stream-{each.label}" for each in people if each.label}
    parts = ['<session session_id="Sfmmg0Y6Rc9Z"><sipSessionID>1;remote=2</sipSessionID></session>']
    parts += [
        f'<participant participant_id="{each.id}"><nameID aor="{escape(each.aor)}"/></participant>' for each in people
    ]
    parts += [
        f'<stream stream_id="{id}" session_id="Sfmmg0Y6Rc9Z"><label>{label}</label></stream>'
        for label, id in streams.items()
    ]
    for each in people:
        sent = f"<send>{streams[each.label]}</send>" if each.label else ""
        received = "".join(f"<recv>{id}</recv>" for label, id in streams.items() if label != each.label)
        parts.append(f'<participantstreamassoc participant_id="{each.id}">{sent}{received}</participantstreamassoc>')
    extension = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n'
        '<recording xmlns="urn:ietf:params:xml:ns:recording:1"><datamode>complete</datamode>'
        f"{''.join(parts)}<extensiondata>{extension}</extensiondata></recording>"
    )


def streaming_detail(
    status: Status, session: RecordedSession, leg: LegOnAir, *, ended_at_ms: float | None = None
) -> dict[str, Any]:
    """Of STARTED and ENDED."""
    headers = {
        "from": f"<sip:{session.number}@10.24.34.0>;tag=abcdefg",
        "to": f"<sip:+13605550199@{session.voice_connector}.voiceconnector.chime.aws:5060>",
        "call-id": session.call_id,
        "cseq": "101 INVITE",
        "content-type": "multipart/mixed;boundary=unique-boundary-1",
    }
    detail: dict[str, Any] = {
        **_of_every(status, session),
        "direction": "Inbound",
        "fromNumber": session.number,
        "toNumber": "+13605550199",
        "inviteHeaders": headers,
        "mediaType": "audio/L16",
        "sdp": {"mediaIndex": leg.index, "mediaLabel": leg.label},
        "siprecMetadata": session.metadata,
        "startFragmentNumber": leg.first_fragment,
        "startTime": timestamp(leg.started_at_ms),
        "streamArn": leg.stream_arn,
    }
    if leg.is_caller is not None:
        detail["isCaller"] = leg.is_caller
    if ended_at_ms is not None:
        detail["endTime"] = timestamp(ended_at_ms)
    return detail


def update_detail(session: RecordedSession, metadata: str) -> dict[str, Any]:
    """Of UPDATED: the metadata as it is now, and of the legs nothing."""
    return {**_of_every(Status.UPDATED, session), "updateHeaders": {}, "siprecMetadata": metadata}


def failure_detail(session: RecordedSession, at_ms: float) -> dict[str, Any]:
    """Of FAILED."""
    failed = {"direction": "Inbound", "failTime": timestamp(at_ms), "failureReason": "Internal failure"}
    return {**_of_every(Status.FAILED, session), **failed}


def _of_every(status: Status, session: RecordedSession) -> dict[str, Any]:
    return {
        "streamingStatus": status.value,
        "voiceConnectorId": session.voice_connector,
        "callId": session.call_id,
        "transactionId": session.transaction_id,
        "version": "0",
    }
