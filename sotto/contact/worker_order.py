"""What an audio worker is told: which contact, and the how-manieth worker on it this is."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sotto.errors import Rejected


class NotAWorkerOrder(Rejected):
    """The event is not an order for an audio worker."""


class WorkerOrder(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

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
            fields = ", ".join(".".join(map(str, each["loc"])) or "event" for each in error.errors())
            raise NotAWorkerOrder(f"wrong or missing: {fields}; expected tenant, contact_id, generation") from None
