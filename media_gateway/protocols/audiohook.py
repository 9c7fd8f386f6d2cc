"""Genesys AudioHook, version 2 (https://developer.genesys.cloud/devapps/audiohook/protocol-reference).

Genesys Cloud is the client: it opens a session, sends binary frames of interleaved mu-law (external, which is the
customer, and internal), pauses, resumes, and closes; each text message is numbered, and is answered where the protocol
says so. A probe, whose conversation and participant are all zeros, is answered and starts nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from media_gateway.mulaw import decoded
from media_gateway.protocols.protocol import (
    Answer,
    AudioCame,
    AudioPaused,
    CallBegan,
    CallEvent,
    CallOver,
    ProtocolBroken,
    ProtocolCounts,
)
from sotto.call.contact import Speaker

NOBODY = "00000000-0000-0000-0000-000000000000"
SAMPLES_A_S = 8_000
LONGEST_GAP = 24 * 3_600 * SAMPLES_A_S
_SIDES = {"external": Speaker.CUSTOMER, "internal": Speaker.AGENT}
_DURATION = re.compile(r"PT(\d{1,8}(?:\.\d{1,9})?)S")
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class AudioHookProtocol:
    """``organization`` and ``session``: of the handshake, which the messages must name too."""

    def __init__(self, organization: str, session: str) -> None:
        self._organization, self._session = organization, session
        self._client_seq = 0
        self._server_seq = 0
        self._sides: tuple[Speaker, ...] = ()
        self._at = 0
        self._is_open = self._is_probe = self._is_closed = self._is_paused = False
        self.counts = ProtocolCounts()

    def received(self, message: str | bytes) -> list[CallEvent]:
        if self._is_closed:
            return []
        if isinstance(message, bytes):
            return self._audio(message)
        written = _parsed(message)
        self._check(written)
        kind, parameters = written["type"], written.get("parameters")
        parameters = parameters if isinstance(parameters, dict) else {}
        if kind == "open":
            return self._open(parameters)
        if not self._is_open:
            raise ProtocolBroken("open: comes first")
        match kind:
            case "close":
                self._is_closed = True
                return [self._answer("closed"), CallOver()]
            case "ping":
                return [self._answer("pong")]
            case "paused":
                self._is_paused = True
                return [] if self._is_probe else [AudioPaused()]
            case "resumed" | "discarded":
                return self._skip(parameters)
            case "update" | "error" | "dtmf" | "playback_started" | "playback_completed":
                return []
        self.counts.malformed += 1
        return []

    def _check(self, written: Mapping[str, Any]) -> None:
        if written.get("version") != "2" or not isinstance(written.get("type"), str):
            raise ProtocolBroken("version must be '2', and type be there")
        if written.get("id") != self._session:
            raise ProtocolBroken("id: not the session that the handshake names")
        if written.get("seq") != self._client_seq + 1:
            raise ProtocolBroken(f"seq: must be {self._client_seq + 1}")
        if written.get("serverseq", 0) not in range(self._server_seq + 1):
            raise ProtocolBroken("serverseq: more than was sent")
        self._client_seq += 1

    def _open(self, parameters: Mapping[str, Any]) -> list[CallEvent]:
        if self._is_open:
            raise ProtocolBroken("open: a session carries one call")
        conversation = parameters.get("conversationId")
        participant = parameters.get("participant")
        participant = participant if isinstance(participant, dict) else {}
        if parameters.get("organizationId") != self._organization:
            raise ProtocolBroken("open.organizationId: not the one that the handshake names")
        if not isinstance(conversation, str) or not _ID.fullmatch(conversation):
            raise ProtocolBroken("open.conversationId: is needed")
        self._is_open = True
        self._is_probe = conversation == NOBODY and participant.get("id") == NOBODY
        media = _chosen(parameters.get("media"))
        if media is None and not self._is_probe:
            raise ProtocolBroken("open.media: PCMU at 8000 Hz of external or internal is needed")
        opened = self._answer("opened", {"startPaused": False, "media": [media] if media is not None else []})
        if self._is_probe:
            return [opened]
        assert media is not None
        self._sides = tuple(_SIDES[each] for each in media["channels"])
        custom = parameters.get("customConfig")
        custom = custom if isinstance(custom, dict) else {}
        began = CallBegan(
            f"{conversation}/{participant.get('id', '')}",
            agent=_text(custom, "agent"),
            queue=_text(custom, "queue"),
            caller=_text(participant, "ani"),
            sides=frozenset(self._sides),
        )
        return [opened, began]

    def _audio(self, frame: bytes) -> list[CallEvent]:
        if not self._is_open:
            raise ProtocolBroken("audio: comes after open")
        width = len(self._sides)
        if self._is_probe or self._is_paused or not frame or len(frame) % width:
            self.counts.malformed += 1
            return []
        at, self._at = self._at, self._at + len(frame) // width
        return [AudioCame(speaker, at, decoded(frame[side::width])) for side, speaker in enumerate(self._sides)]

    def _skip(self, parameters: Mapping[str, Any]) -> list[CallEvent]:
        """Audio that was not sent is as long as the message says."""
        self._is_paused = False
        gap = _samples(parameters.get("discarded"))
        if gap is None or gap > LONGEST_GAP:
            self.counts.malformed += 1
            return []
        self._at += gap
        return []

    def _answer(self, kind: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        self._server_seq += 1
        written = {
            "version": "2",
            "id": self._session,
            "type": kind,
            "seq": self._server_seq,
            "clientseq": self._client_seq,
            "parameters": dict(parameters or {}),
        }
        return Answer(json.dumps(written))


def _parsed(message: str) -> Mapping[str, Any]:
    try:
        written = json.loads(message)
    except (ValueError, RecursionError):
        written = None
    if not isinstance(written, dict):
        raise ProtocolBroken("messages are JSON objects")
    return written


def _chosen(offered: Any) -> Mapping[str, Any] | None:
    """Of the offers the first one that has most sides."""
    found: Mapping[str, Any] | None = None
    for each in offered if isinstance(offered, list) else ():
        if not isinstance(each, dict):
            continue
        channels = each.get("channels")
        is_understood = (
            (each.get("type"), each.get("format"), each.get("rate")) == ("audio", "PCMU", SAMPLES_A_S)
            and isinstance(channels, list)
            and channels
            and all(isinstance(name, str) and name in _SIDES for name in channels)
            and len(set(channels)) == len(channels)
        )
        if is_understood and (found is None or len(each["channels"]) > len(found["channels"])):
            found = each
    return found


def _text(written: Mapping[str, Any], name: str) -> str | None:
    value = written.get(name)
    return (value.strip() or None) if isinstance(value, str) and len(value) <= 256 else None


def _samples(duration: Any) -> int | None:
    """``PT1.5S``, as ISO 8601 writes it, in samples."""
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    return round(float(found[1]) * SAMPLES_A_S) if found else None
