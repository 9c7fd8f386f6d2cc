"""What an audio worker is told: which contact, and the how-manieth worker on it this is."""

from __future__ import annotations

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sotto.core.errors import Rejected
from sotto.core.validation import wrong_fields


class NotAWorkerOrder(Rejected):
    """The event is not an order for an audio worker."""


class WorkerOrder(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    tenant: str = Field(min_length=1)
    contact_id: str = Field(min_length=1)
    generation: int = Field(ge=1)
    revivals: int = Field(default=0, ge=0)
    """How many orders of this generation were given up before this one."""

    @classmethod
    def parsed(cls, event: Any) -> WorkerOrder:
        """Raises NotAWorkerOrder naming each wrong field."""
        try:
            return cls.model_validate(event)
        except ValidationError as error:
            wrong = wrong_fields(error, _orders)
            raise NotAWorkerOrder(f"{wrong}; expected tenant, contact_id, generation") from None


_orders: TypeAdapter[WorkerOrder] = TypeAdapter(WorkerOrder)


class AudioWorkers(Protocol):
    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
        """Start an audio worker and do not wait for it. ``revivals``: how many died in its place. Raises Retryable."""
        ...
