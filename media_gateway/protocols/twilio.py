"""Twilio Media Streams (https://www.twilio.com/docs/voice/media-streams/websocket-messages), and who speaks the same:
Telnyx writes its names with underscores and does not promise the order.

connected, start, media and stop are text messages of JSON; numbers are mostly written as strings. A socket carries one
call: a second ``start`` is refused, and what belongs to it is passed over.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from media_gateway.mulaw import decoded
from media_gateway.protocols.protocol import (
    AudioCame,
    CallBegan,
    CallEvent,
    CallOver,
    ProtocolBroken,
    ProtocolCounts,
)
from media_gateway.protocols.sample_places import SamplePlaces
from sotto.call.contact import CHANNELS, Speaker

MOST_MALFORMED = 200
"""In one call, of four seconds' audio: then nobody speaks the protocol at the other end."""
LONGEST_PAYLOAD = 8_000
"""Bytes, of one second: packets have 20 ms."""
LONGEST_FIELD = 256
_SPEAKERS = {"inbound": Speaker.CUSTOMER, "outbound": Speaker.AGENT}
_CALL_ID = re.compile(r"[A-Za-z0-9_.:@-]{1,128}")


class TwilioProtocol:
    """``account``: the SID that must be in ``start``; "" where the sender states none."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._stream: str | None = None
        self._places = SamplePlaces()
        self._is_over = False
        self.counts = ProtocolCounts()

    def received(self, message: str | bytes) -> list[CallEvent]:
        if self._is_over:
            return []
        written = _parsed(message)
        match written.get("event") if written is not None else None:
            case "media" if written is not None:
                return self._media(written)
            case "start" if written is not None:
                return self._start(written)
            case "stop" if written is not None:
                return self._stop(written)
            case "connected" | "mark" | "dtmf":
                return []
        return self._malformed()

    def _start(self, written: Mapping[str, Any]) -> list[CallEvent]:
        start = _map(written, "start")
        stream = _named(written, "streamSid") or _named(start, "streamSid")
        if self._stream is not None:
            if stream != self._stream:
                self.counts.foreign += 1
            else:
                self.counts.doubled += 1
            return []
        call_id = _named(start, "callSid") or _named(start, "callControlId")
        if not stream or not _CALL_ID.fullmatch(call_id):
            raise ProtocolBroken("start: streamSid and start.callSid are needed, of letters, digits and ._:@-")
        if self._account and _named(start, "accountSid") != self._account:
            raise ProtocolBroken("start.accountSid: not the account that this gateway is for")
        _check_format(_map(start, "mediaFormat"))
        self._stream = stream
        parameters = _map(start, "customParameters")
        return [
            CallBegan(
                call_id,
                agent=_text(parameters, "agent"),
                queue=_text(parameters, "queue"),
                caller=_text(parameters, "caller"),
                sides=_sides(start),
            )
        ]

    def _media(self, written: Mapping[str, Any]) -> list[CallEvent]:
        if self._stream is None:
            raise ProtocolBroken("media: comes after start")
        if _named(written, "streamSid") != self._stream:
            self.counts.foreign += 1
            return []
        media = _map(written, "media")
        speaker = _SPEAKERS.get(_named(media, "track"))
        stamp_ms, number = _number(media.get("timestamp")), _number(media.get("chunk"))
        payload = media.get("payload")
        if speaker is None or stamp_ms is None or not isinstance(payload, str):
            return self._malformed()
        try:
            ulaw = base64.b64decode(payload, validate=True)
        except (binascii.Error, ValueError):
            return self._malformed()
        if not 0 < len(ulaw) <= LONGEST_PAYLOAD:
            return self._malformed()
        at = self._places.place(speaker, number or 0, stamp_ms, len(ulaw))
        self.counts.jumps = self._places.jumps
        if at is None:
            self.counts.doubled += 1
            return []
        return [AudioCame(speaker, at, decoded(ulaw))]

    def _stop(self, written: Mapping[str, Any]) -> list[CallEvent]:
        if self._stream is None:
            raise ProtocolBroken("stop: comes after start")
        if _named(written, "streamSid") != self._stream:
            self.counts.foreign += 1
            return []
        self._is_over = True
        return [CallOver()]

    def _malformed(self) -> list[CallEvent]:
        self.counts.malformed += 1
        if self._stream is None or self.counts.malformed > MOST_MALFORMED:
            raise ProtocolBroken(
                "not messages of Twilio Media Streams: JSON with event, and media with track and payload"
            )
        return []


def _parsed(message: str | bytes) -> Mapping[str, Any] | None:
    try:
        written = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return written if isinstance(written, dict) else None


def _check_format(written: Mapping[str, Any]) -> None:
    """Telnyx names the codec alone."""
    encoding = _named(written, "encoding").lower()
    rate, channels = _number(written.get("sampleRate", 8_000)), _number(written.get("channels", 1))
    if encoding not in ("audio/x-mulaw", "pcmu") or rate != 8_000 or channels != 1:
        raise ProtocolBroken("start.mediaFormat: only audio/x-mulaw of 8000 Hz with one channel is understood")


def _sides(start: Mapping[str, Any]) -> frozenset[Speaker]:
    tracks = start.get("tracks")
    if not isinstance(tracks, list):
        return frozenset(CHANNELS)
    named = frozenset(_SPEAKERS[each] for each in tracks if isinstance(each, str) and each in _SPEAKERS)
    return named or frozenset(CHANNELS)


def _map(written: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = _value(written, name)
    return value if isinstance(value, dict) else {}


def _named(written: Mapping[str, Any], name: str) -> str:
    value = _value(written, name)
    return value if isinstance(value, str) and len(value) <= LONGEST_FIELD else ""


def _text(written: Mapping[str, Any], name: str) -> str | None:
    return _named(written, name).strip() or None


def _value(written: Mapping[str, Any], name: str) -> Any:
    """By Twilio's name, or by Telnyx's for the same: ``streamSid`` is ``stream_id`` there."""
    if name in written:
        return written[name]
    snake = re.sub(r"(?<=[a-z])([A-Z])", lambda found: "_" + found[1].lower(), name)
    return written.get(snake, written.get(re.sub("_sid$", "_id", snake)))


def _number(value: Any) -> int | None:
    """Written as a number or as a string; None for anything else, and for less than 0."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 15:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**15 else None
