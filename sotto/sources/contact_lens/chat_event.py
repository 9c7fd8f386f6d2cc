"""Amazon Connect Contact Lens's real-time segments of a chat (``Version`` 2.0.0), as a Kinesis stream brings them.

https://docs.aws.amazon.com/connect/latest/adminguide/chat-real-time-contact-analysis-segment-streams-data-model.html.
Unlike a call's, a segment is final, and its times are absolute. Where the contact's output is ``RedactedAndRaw``, each
message comes in both forms under one id: the raw one is taken, because ours are the rules that redact it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sotto.call.contact import Speaker
from sotto.core.validation import wrong_fields
from sotto.sources.contact_lens.segment_event import EventType, NotASegmentEvent

SPEAKERS = {"CUSTOMER": Speaker.CUSTOMER, "AGENT": Speaker.AGENT}
"""Bots, flows and a supervisor who joins write too: they are nobody whose conduct is judged, so they are the system."""
TEXTS = ("text/plain", "text/markdown")
LONGEST_TEXT = 16_384
"""Characters. Connect takes 1,024 of a participant, and 12,000 of JSON; what is longer comes from nobody of them."""
NOT_TEXT = "[interactive message]"
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")
FIRST_MS = 1_262_304_000_000.0
"""2010: what claims to be older has no time."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """``id``: the same however often it comes, and of no use to find it in Connect. ``at_ms``: Unix epoch; None where
    the segment has no time that can be read."""

    id: str
    speaker: Speaker
    at_ms: float | None
    text: str


@dataclass(frozen=True, slots=True)
class ChatEvent:
    """``messages``: by their time."""

    kind: EventType
    instance: str
    contact_id: str
    language: str
    messages: tuple[ChatMessage, ...] = ()


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Time(_Part):
    absolute: str | None = Field(None, alias="AbsoluteTime")


class _Written(_Part):
    id: str = Field(alias="Id", min_length=1)
    role: str | None = Field(None, alias="ParticipantRole")
    time: _Time | None = Field(None, alias="Time")

    def message(self, text: str) -> ChatMessage:
        speaker = SPEAKERS.get((self.role or "").upper(), Speaker.SYSTEM)
        return ChatMessage(message_id(self.id), speaker, _epoch_ms(self.time), text)


class _Transcript(_Written):
    content: str | None = Field(None, alias="Content")
    content_type: str | None = Field(None, alias="ContentType")

    def text(self) -> str:
        """Buttons and lists are JSON: that there was one is all that is kept of it."""
        media_type = (self.content_type or TEXTS[0]).partition(";")[0].strip().lower()
        return (self.content or "")[:LONGEST_TEXT] if media_type in TEXTS else NOT_TEXT


class _Attachment(_Part):
    content_type: str | None = Field(None, alias="ContentType")


class _Attachments(_Written):
    attachments: tuple[_Attachment | None, ...] | None = Field(None, alias="Attachments")

    def text(self) -> str:
        """That something was sent and of what kind: neither its name nor anything in it."""
        return " ".join(_fact(each) for each in self.attachments or (None,))


class _Segment(_Part):
    transcript: _Transcript | None = Field(None, alias="Transcript")
    attachments: _Attachments | None = Field(None, alias="Attachments")


class _Settings(_Part):
    language: str | None = Field(None, alias="LanguageCode")
    output: str | None = Field(None, alias="Output")


class _Event(_Part):
    channel: Literal["CHAT"] = Field(alias="Channel")
    instance: str = Field(alias="InstanceId", min_length=1)
    contact_id: str = Field(alias="ContactId", min_length=1)
    kind: EventType = Field(alias="StreamingEventType")
    settings: _Settings | None = Field(None, alias="StreamingSettings")
    output: str | None = Field(None, alias="OutputType")
    segments: tuple[_Segment | None, ...] | None = Field(None, alias="Segments")

    @property
    def comes_raw_too(self) -> bool:
        return self.output == "Redacted" and self.settings is not None and self.settings.output == "RedactedAndRaw"


_events: TypeAdapter[_Event] = TypeAdapter(_Event)


def message_id(id: str) -> str:
    return f"message-{hashlib.sha256(id.encode()).hexdigest()[:20]}"


def read_chat_event(record: Any) -> ChatEvent:
    """``record``: the JSON of one record. Raises NotASegmentEvent, naming fields and never their values."""
    try:
        event = _events.validate_python(record)
    except ValidationError as error:
        raise NotASegmentEvent(f"not a Contact Lens event of a chat: {wrong_fields(error, _events)}") from None
    segments = () if event.comes_raw_too else event.segments or ()
    # Events (joined, typing, read), categories, issues and summaries are segments too: nobody says anything in them.
    written = [part for each in segments if each for part in (each.transcript, each.attachments) if part]
    messages = sorted((part.message(part.text()) for part in written), key=lambda one: (one.at_ms or 0.0, one.id))
    language = (event.settings.language if event.settings else None) or "en-US"
    return ChatEvent(event.kind, event.instance, event.contact_id, language, tuple(messages))


def _fact(attachment: _Attachment | None) -> str:
    media_type = ((attachment.content_type if attachment else None) or "").lower()
    return f"[attachment: {media_type}]" if _MEDIA_TYPE.fullmatch(media_type) else "[attachment]"


def _epoch_ms(time: _Time | None) -> float | None:
    try:
        at = datetime.fromisoformat(time.absolute if time and time.absolute else "")
        at_ms = at.timestamp() * 1000 if at.tzinfo else 0.0
    except (ValueError, OverflowError):
        return None
    return at_ms if at_ms >= FIRST_MS else None
