"""Amazon Connect Contact Lens's real-time segments, as they come through a Kinesis stream.

https://docs.aws.amazon.com/connect/latest/adminguide/real-time-contact-analysis-segment-streams-data-model.html. An
``Utterance`` is a piece of a turn that is still going on; the ``Transcript`` with its id settles the whole turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sotto.call.contact import Speaker
from sotto.core.errors import Rejected
from sotto.core.validation import wrong_fields

SPEAKERS = {"CUSTOMER": Speaker.CUSTOMER, "AGENT": Speaker.AGENT}


class NotASegmentEvent(Rejected):
    """The record is not what Contact Lens publishes for a call."""


class EventType(StrEnum):
    STARTED = "STARTED"
    SEGMENTS = "SEGMENTS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class SegmentResult:
    """A piece of a turn, or with ``is_final`` the whole of it. Times in ms since the analysis began."""

    turn: str
    speaker: Speaker
    start_ms: int
    end_ms: int
    text: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class SegmentEvent:
    kind: EventType
    instance: str
    contact_id: str
    language: str
    results: tuple[SegmentResult, ...] = ()


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Spoken(_Part):
    id: str = Field(alias="Id")
    role: str = Field(alias="ParticipantRole")
    begin_ms: int = Field(alias="BeginOffsetMillis", ge=0)
    end_ms: int = Field(alias="EndOffsetMillis", ge=0)


class _Utterance(_Spoken):
    transcript_id: str = Field(alias="TranscriptId")
    content: str = Field(alias="PartialContent")

    def result(self) -> SegmentResult:
        return SegmentResult(self.transcript_id, SPEAKERS[self.role], self.begin_ms, self.end_ms, self.content, False)


class _Transcript(_Spoken):
    content: str = Field(alias="Content")

    def result(self) -> SegmentResult:
        return SegmentResult(self.id, SPEAKERS[self.role], self.begin_ms, self.end_ms, self.content, True)


class _Segment(_Part):
    utterance: _Utterance | None = Field(None, alias="Utterance")
    transcript: _Transcript | None = Field(None, alias="Transcript")


class _Event(_Part):
    channel: Literal["VOICE"] = Field(alias="Channel")
    instance: str = Field(alias="InstanceId", min_length=1)
    contact_id: str = Field(alias="ContactId", min_length=1)
    language: str = Field("en-US", alias="LanguageCode")
    kind: EventType = Field(alias="EventType")
    segments: Annotated[tuple[_Segment, ...], Field(alias="Segments")] = ()


_events: TypeAdapter[_Event] = TypeAdapter(_Event)


def read_segment_event(record: Any) -> SegmentEvent:
    """``record``: the JSON of one record. Raises NotASegmentEvent, naming fields and never their values."""
    try:
        event = _events.validate_python(record)
    except ValidationError as error:
        raise NotASegmentEvent(f"not a Contact Lens event of a call: {wrong_fields(error, _events)}") from None
    spoken = [part for segment in event.segments for part in (segment.utterance, segment.transcript) if part]
    # Categories and summaries are segments too, and so are prompts that nobody of the two speaks.
    results = tuple(part.result() for part in spoken if part.role in SPEAKERS)
    return SegmentEvent(event.kind, event.instance, event.contact_id, event.language, results)
