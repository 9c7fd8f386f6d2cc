"""Chats of the emulated instances, as Contact Lens streams them: segments of ``Version`` 2.0.0.

Documented is neither the stream's partition key nor an order, and Kinesis delivers at least once: records come late by
themselves, so that they overtake each other, and twice. Of a session STARTED comes first and COMPLETED last. Raw and
redacted forms both come, as where the flow asks for both.
"""

from __future__ import annotations

import json
import logging
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from local.aws.connect.documents import timestamp
from local.aws.connect.exports import AGAIN_S, MOST_ATTEMPTS, batch
from local.aws.connect.parties import CallParties
from local.aws.lambda_timetable import Timetable

log = logging.getLogger(__name__)

READER = "ingest_contact_lens"
CONTENT_TYPE = "text/plain"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """Written ``at_s`` seconds after the chat began. ``attachment``: the media type of a file, in place of a text."""

    at_s: float
    role: Literal["CUSTOMER", "AGENT", "SYSTEM", "CUSTOM_BOT"]
    text: str = ""
    attachment: str = ""


@dataclass(frozen=True, slots=True)
class PlacedChat:
    """A chat in progress. ``answer`` is what the contact flow read back."""

    contact_id: str
    started_at_ms: int
    caller: CallParties
    answer: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SegmentFaults:
    """Each record comes up to ``late_s`` late by itself, and a second time with the probability ``doubled``."""

    doubled: float = 0.3
    late_s: float = 0.3
    seed: int = 0

    @classmethod
    def storm(cls, seed: int) -> SegmentFaults:
        return cls(doubled=0.7, late_s=3.0, seed=seed)


class ChatSegments:
    """``invoke(function, payload)`` answers with the payload, or raises. Contact time passes with the messages: records
    arrive when they were written, and as late as they are."""

    def __init__(self, invoke: Callable[[str, bytes], Any], faults: SegmentFaults | None = None) -> None:
        self._invoke = invoke
        self._faults = faults or SegmentFaults()
        self._chance = random.Random(self._faults.seed)
        self._lock = threading.Condition()
        self._pending: Counter[str] = Counter()
        self._written = 0
        self._timetable: Timetable | None = None

    def session(self, chat: PlacedChat, kind: str, at_s: float) -> None:
        """STARTED and COMPLETED, each at its end of the session."""
        self._send(chat, _event(chat, kind), at_s, late_s=0.0)

    def write(self, chat: PlacedChat, message: ChatMessage) -> None:
        with self._lock:
            self._written += 1
            number = self._written
        raw = _event(chat, "SEGMENTS", OutputType="Raw", Segments=[_segment(chat, message, number)])
        hidden = replace(message, text=re.sub(r"\d", "#", message.text))
        redacted = {**raw, "OutputType": "Redacted", "Segments": [_segment(chat, hidden, number)]}
        for record in (raw, redacted):
            copies = 2 if self._chance.random() < self._faults.doubled else 1
            for _ in range(copies):
                self._send(chat, record, message.at_s, late_s=self._chance.uniform(0, self._faults.late_s))

    def drain(self, contact_id: str) -> None:
        """Wait until everything of the chat has been taken."""
        with self._lock:
            self._lock.wait_for(lambda: not self._pending[contact_id])

    def busy(self) -> bool:
        with self._lock:
            return self._pending.total() > 0

    def stop(self) -> None:
        if self._timetable is not None:
            self._timetable.stop()
        with self._lock:
            self._pending.clear()
            self._lock.notify_all()

    def _send(self, chat: PlacedChat, record: Mapping[str, Any], at_s: float, *, late_s: float) -> None:
        arrived_at_ms = chat.started_at_ms + (at_s + late_s) * 1000
        with self._lock:
            self._pending[chat.contact_id] += 1
            self._timetable = self._timetable or Timetable()
        self._timetable.after(late_s, lambda: self._read(chat.contact_id, record, arrived_at_ms, attempt=1))

    def _read(self, contact_id: str, record: Mapping[str, Any], arrived_at_ms: float, *, attempt: int) -> None:
        payload = batch("contact-lens", attempt, record, arrived_at_ms=arrived_at_ms)
        try:
            answer = self._invoke(READER, json.dumps(payload).encode())
            failed = bool(answer and answer["batchItemFailures"])
        except Exception as error:  # the stack may be ending; the timetable's thread must not
            log.warning("segments not taken", extra={"error": type(error).__name__})
            failed = True
        if failed and attempt < MOST_ATTEMPTS and self._timetable is not None:
            again = attempt + 1
            self._timetable.after(AGAIN_S, lambda: self._read(contact_id, record, arrived_at_ms, attempt=again))
            return
        with self._lock:
            self._pending[contact_id] -= 1
            self._lock.notify_all()


def _event(chat: PlacedChat, kind: str, **more: Any) -> dict[str, Any]:
    settings = {
        "LanguageCode": chat.caller.language,
        "Output": "RedactedAndRaw",
        "RedactionTypes": ["PII"],
        "RedactionTypesMetadata": {"PII": {"RedactionMaskMode": "PII"}},
    }
    return {
        "Version": "2.0.0",
        "Channel": "CHAT",
        "AccountId": "111122223333",
        "InstanceId": chat.caller.instance_id,
        "ContactId": chat.contact_id,
        "StreamingEventType": kind,
        "StreamingSettings": settings,
        **more,
    }


def _segment(chat: PlacedChat, message: ChatMessage, number: int) -> dict[str, Any]:
    """What is not known is null, as where a participant has no name to show."""
    common = {
        "Id": f"{chat.contact_id}-{number:06d}",
        "ParticipantId": f"{chat.contact_id}-{message.role.lower()}",
        "ParticipantRole": message.role,
        "DisplayName": None if message.role == "SYSTEM" else message.role.title(),
        "Time": {"AbsoluteTime": timestamp(chat.started_at_ms + message.at_s * 1000)},
    }
    if message.attachment:
        file = {
            "AttachmentName": "private-name.bin",
            "ContentType": message.attachment,
            "AttachmentId": f"attachment-{number}",
            "Status": "APPROVED",
        }
        return {"Attachments": {**common, "Attachments": [file]}}
    text = {"Content": message.text, "ContentType": CONTENT_TYPE, "Redaction": None, "Sentiment": None}
    return {"Transcript": {**common, **text}}
