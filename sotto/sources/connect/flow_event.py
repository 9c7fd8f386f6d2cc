"""The event that an Amazon Connect contact flow sends to a Lambda function.

Connect sends strings where one expects numbers, null where one expects an object, and leaves ``MediaStreams`` empty
until media streaming has started. https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from sotto.call.contact import Channel, Contact
from sotto.core.errors import Rejected
from sotto.core.validation import wrong_fields
from sotto.sources.connect.attributes import kept_attributes


class NotAContactFlowEvent(Rejected):
    """The event is not what a contact flow sends."""


class NothingToTranscribe(Rejected):
    """A true event of a contact that cannot be listened to. ``reason`` goes back to the flow."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


AGENT = "agent"
"""The parameter with the agent's ARN, which contact data does not hold."""


def _none_if_blank(value: Any) -> Any:
    return None if value in ("", {}) else value


def _strings_only(value: Any) -> Any:
    return {key: str(text) for key, text in value.items() if text is not None} if isinstance(value, dict) else {}


BlankIsNone = BeforeValidator(_none_if_blank)


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Audio(_Part):
    stream_arn: Annotated[str | None, BlankIsNone] = Field(None, alias="StreamARN")
    start_timestamp: Annotated[int | None, BlankIsNone] = Field(None, alias="StartTimestamp")


class Customer(_Part):
    audio: Annotated[Audio | None, BlankIsNone] = Field(None, alias="Audio")


class MediaStreams(_Part):
    customer: Annotated[Customer | None, BlankIsNone] = Field(None, alias="Customer")


class Queue(_Part):
    arn: Annotated[str | None, BlankIsNone] = Field(None, alias="ARN")
    name: Annotated[str | None, BlankIsNone] = Field(None, alias="Name")


class CustomerEndpoint(_Part):
    address: Annotated[str | None, BlankIsNone] = Field(None, alias="Address")


class ContactData(_Part):
    contact_id: str = Field(alias="ContactId", min_length=1)
    initial_contact_id: Annotated[str | None, BlankIsNone] = Field(None, alias="InitialContactId")
    previous_contact_id: Annotated[str | None, BlankIsNone] = Field(None, alias="PreviousContactId")
    channel: str = Field(alias="Channel")
    instance_arn: str = Field(alias="InstanceARN", min_length=1)
    initiation_method: Annotated[str | None, BlankIsNone] = Field(None, alias="InitiationMethod")
    language: Annotated[str | None, BlankIsNone] = Field(None, alias="LanguageCode")
    media_streams: Annotated[MediaStreams | None, BlankIsNone] = Field(None, alias="MediaStreams")
    queue: Annotated[Queue | None, BlankIsNone] = Field(None, alias="Queue")
    customer_endpoint: Annotated[CustomerEndpoint | None, BlankIsNone] = Field(
        None, alias="CustomerEndpoint", repr=False
    )
    attributes: Annotated[dict[str, str], BeforeValidator(_strings_only)] = Field({}, alias="Attributes")


class Details(_Part):
    contact_data: ContactData = Field(alias="ContactData")
    parameters: Annotated[dict[str, str], BeforeValidator(_strings_only)] = Field({}, alias="Parameters")


class ContactFlowEvent(_Part):
    details: Details = Field(alias="Details")

    @classmethod
    def parsed(cls, event: Any) -> ContactFlowEvent:
        """Raises NotAContactFlowEvent, naming each field that is wrong (never its value: it may be an identity)."""
        try:
            return cls.model_validate(event)
        except ValidationError as error:
            raise NotAContactFlowEvent(f"not a contact flow event: {wrong_fields(error, _events)}") from None

    @property
    def caller(self) -> str | None:
        """The customer's number, for the consent rule; it is no part of the contact and is never stored."""
        endpoint = self.details.contact_data.customer_endpoint
        return endpoint.address if endpoint else None

    @property
    def agent(self) -> str | None:
        """The last part of the agent's ARN, which a whisper flow passes: the agent has accepted the contact."""
        arn = self.details.parameters.get(AGENT, "")
        return arn.rpartition("/")[2] if "/agent/" in arn else None

    def contact_for(self, tenant: str, *, now_ms: float) -> Contact:
        """The contact that this event announces; a chat begins now (Unix epoch). Raises NothingToTranscribe for tasks,
        e-mail, and calls that do not stream."""
        data = self.details.contact_data
        known = {channel.value.upper(): channel for channel in Channel}
        channel = known.get(data.channel.upper())
        if channel is None:
            raise NothingToTranscribe("channel-not-guided", "Channel is another; guidance knows VOICE and CHAT")
        stream_arn, started_at_ms = self._audio() if channel is Channel.VOICE else ("", int(now_ms))
        return Contact(
            tenant=tenant,
            contact_id=data.contact_id,
            instance_arn=data.instance_arn,
            stream_arn=stream_arn,
            media_started_at_ms=started_at_ms,
            initiation_method=data.initiation_method or "INBOUND",
            language=data.language or "en-US",
            queue=data.queue.name if data.queue else None,
            queue_arn=data.queue.arn if data.queue else None,
            attributes=kept_attributes(data.attributes),
            initial_contact_id=_of_another(data.initial_contact_id, data),
            previous_contact_id=_of_another(data.previous_contact_id, data) or None,
            channel=channel,
        )

    def _audio(self) -> tuple[str, int]:
        streams = self.details.contact_data.media_streams
        audio = streams.customer.audio if streams and streams.customer else None
        if audio is None or audio.stream_arn is None or audio.start_timestamp is None:
            raise NothingToTranscribe(
                "media-streaming-not-started",
                "MediaStreams.Customer.Audio is empty; put 'Start media streaming' before this block",
            )
        return audio.stream_arn, audio.start_timestamp


def _of_another(contact_id: str | None, data: ContactData) -> str:
    """Connect names a first contact as its own initial and previous one."""
    return contact_id if contact_id and contact_id != data.contact_id else ""


_events: TypeAdapter[ContactFlowEvent] = TypeAdapter(ContactFlowEvent)
