"""An event as it is stored, carried and read by others: JSON whose values are all strings.

EventBridge Pipes copies an item's attributes one by one and changes none: DynamoDB's numbers are strings on its stream,
and would arrive as such. So they are declared as what they are, as protobuf's JSON does with its 64-bit numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sotto.call.events import CATALOGUE, Event
from sotto.core.errors import Rejected
from sotto.core.resources import EVENT_SOURCE
from sotto.core.validation import silent, wrong_fields

_BY_TYPE = {kind.TYPE: kind for kind in CATALOGUE}
Number = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]*)$")]


class NotAnEvent(Rejected):
    """What was delivered is no event of this catalogue, or of another version."""


class Envelope(BaseModel):
    """A newer writer may add fields; a consumer ignores what it does not know."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str = Field(min_length=1, description="Idempotency key: the same however often the event is delivered.")
    type: str = Field(min_length=1)
    schema_version: Number
    tenant: str = Field(min_length=1)
    contact_id: str = Field(min_length=1)
    record: str = Field(min_length=1, description="The record that was written, by its name in the conversation.")
    number: Number = Field(description="The record's number; see the description above.")
    occurred_at: str = Field(description="ISO 8601, in UTC.", json_schema_extra={"format": "date-time"})

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(
            id=event.id,
            type=event.TYPE,
            schema_version=str(event.VERSION),
            tenant=event.tenant,
            contact_id=event.contact_id,
            record=event.record,
            number=str(event.number),
            occurred_at=datetime.fromtimestamp(event.occurred_at_ms / 1000, UTC).isoformat(timespec="milliseconds"),
        )

    def event(self) -> Event:
        """Raises NotAnEvent."""
        kind = _BY_TYPE.get(self.type)
        if kind is None or int(self.schema_version) != kind.VERSION:
            raise NotAnEvent("type: with this schema_version not in this catalogue")
        at_ms = round(_time(self.occurred_at).timestamp() * 1000)
        return kind(self.tenant, self.contact_id, self.record, int(self.number), at_ms)


_envelope = silent(Envelope)


def is_ours(delivered: Any) -> bool:
    """Whether EventBridge brings one of these events, and nobody else's."""
    return isinstance(delivered, Mapping) and delivered.get("source") == EVENT_SOURCE


def event_from(delivered: Any) -> Event:
    """The event in what EventBridge gives a function. Raises NotAnEvent naming what is wrong."""
    try:
        envelope = _envelope.validate_python(delivered["detail"])
    except ValidationError as error:
        raise NotAnEvent(f"detail: wrong or missing: {wrong_fields(error, _envelope)}") from None
    except (KeyError, TypeError):
        raise NotAnEvent("detail: missing; expected an event as EventBridge delivers it") from None
    return envelope.event()


def _time(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        raise NotAnEvent("occurred_at: is no ISO 8601 time") from None
