"""Amazon Connect's contact records (CONTACT_TRACE_RECORDS), as a Kinesis stream brings them.

Delivered at least once, minutes after the end of the contact, and again when something is added; the copy with the
latest ``LastUpdateTimestamp`` counts. New fields come without notice.
https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from sotto.call.contact_facts import ContactFacts
from sotto.core.errors import Rejected
from sotto.core.validation import wrong_fields

_RECORD = "a contact record of Amazon Connect"


class NotAContactRecord(Rejected):
    """The record of the stream is no contact record. The message names fields, never what they hold."""


def _epoch_ms(written: Any) -> Any:
    if written in (None, ""):
        return None
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return int(at.timestamp() * 1000)


Time = Annotated[int, BeforeValidator(_epoch_ms)]
PerhapsTime = Annotated[int | None, BeforeValidator(_epoch_ms)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Queue(_Part):
    arn: str | None = Field(None, alias="ARN")
    duration_s: float = Field(0, alias="Duration", ge=0)


class _Agent(_Part):
    arn: str | None = Field(None, alias="ARN")
    talk_s: float = Field(0, alias="AgentInteractionDuration", ge=0)
    hold_s: float = Field(0, alias="CustomerHoldDuration", ge=0)
    longest_hold_s: float = Field(0, alias="LongestHoldDuration", ge=0)
    holds: int = Field(0, alias="NumberOfHolds", ge=0)
    after_contact_work_s: float = Field(0, alias="AfterContactWorkDuration", ge=0)


class RecordedAudio(_Part):
    """``location``: bucket and key of the object."""

    location: str | None = Field(None, alias="Location")
    status: str | None = Field(None, alias="Status")
    storage: str | None = Field(None, alias="StorageType")
    stream: str | None = Field(None, alias="MediaStreamType")
    kind: str | None = Field(None, alias="Type")
    started_at_ms: PerhapsTime = Field(None, alias="StartTimestamp")

    @property
    def bucket(self) -> str:
        return (self.location or "").partition("/")[0]

    @property
    def key(self) -> str:
        return (self.location or "").partition("/")[2]

    @property
    def is_audio(self) -> bool:
        """An object that is there, or is to come."""
        is_file = self.storage in (None, "S3") and self.stream in (None, "AUDIO") and self.kind in (None, "AUDIO")
        return is_file and self.status != "DELETED" and bool(self.bucket and self.key)


class ContactRecord(_Part):
    contact_id: str = Field(alias="ContactId", min_length=1)
    instance_arn: str = Field(alias="InstanceARN", min_length=1)
    updated_at_ms: Time = Field(alias="LastUpdateTimestamp")
    initial_contact_id: str | None = Field(None, alias="InitialContactId")
    previous_contact_id: str | None = Field(None, alias="PreviousContactId")
    next_contact_id: str | None = Field(None, alias="NextContactId")
    initiation_method: str | None = Field(None, alias="InitiationMethod")
    disconnect_reason: str | None = Field(None, alias="DisconnectReason")
    initiated_at_ms: PerhapsTime = Field(None, alias="InitiationTimestamp")
    disconnected_at_ms: PerhapsTime = Field(None, alias="DisconnectTimestamp")
    transferred_at_ms: PerhapsTime = Field(None, alias="TransferCompletedTimestamp")
    queue: _Queue | None = Field(None, alias="Queue")
    agent: _Agent | None = Field(None, alias="Agent")
    recording: RecordedAudio | None = Field(None, alias="Recording")
    recordings: tuple[RecordedAudio, ...] | None = Field(None, alias="Recordings")

    @property
    def audio_recordings(self) -> tuple[RecordedAudio, ...]:
        """``Recording`` is the older field of one of ``Recordings``."""
        listed = self.recordings or ((self.recording,) if self.recording is not None else ())
        return tuple({each.location: each for each in listed if each.is_audio}.values())

    @classmethod
    def parsed(cls, record: Any) -> ContactRecord:
        """Raises NotAContactRecord."""
        try:
            return _records.validate_python(record)
        except ValidationError as error:
            raise NotAContactRecord(f"not {_RECORD}: {wrong_fields(error, _records)}") from None

    def facts_for(self, tenant: str) -> ContactFacts:
        agent, queue = self.agent, self.queue
        return ContactFacts(
            tenant=tenant,
            contact_id=self.contact_id,
            conversation_id=self.initial_contact_id or self.contact_id,
            previous_contact_id=self.previous_contact_id,
            next_contact_id=self.next_contact_id,
            updated_at_ms=self.updated_at_ms,
            initiation_method=self.initiation_method,
            disconnect_reason=self.disconnect_reason,
            initiated_at_ms=self.initiated_at_ms,
            disconnected_at_ms=self.disconnected_at_ms,
            transferred_at_ms=self.transferred_at_ms,
            was_queued=queue is not None,
            queue_ms=_ms(queue.duration_s) if queue else 0,
            was_answered=agent is not None,
            talk_ms=_ms(agent.talk_s) if agent else 0,
            hold_ms=_ms(agent.hold_s) if agent else 0,
            longest_hold_ms=_ms(agent.longest_hold_s) if agent else 0,
            holds=agent.holds if agent else 0,
            after_contact_work_ms=_ms(agent.after_contact_work_s) if agent else 0,
        )


_records: TypeAdapter[ContactRecord] = TypeAdapter(ContactRecord)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
