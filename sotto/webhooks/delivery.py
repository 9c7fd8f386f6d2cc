"""One event on its way to one endpoint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from sotto.call.contact import IMPORTED
from sotto.call.events import Event
from sotto.core.errors import Retryable

_S, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
WAITS_MS = (
    5 * _S, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR,
)  # fmt: skip
"""Between attempts, as Standard Webhooks has them: 10 attempts over 75 hours and 35 minutes, without the jitter."""
MOST_ATTEMPTS = len(WAITS_MS) + 1


class DeliveryChanged(Retryable):
    """Somebody else is at it."""


class State(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Delivery:
    """``id``: of the message, the same at each attempt. ``due_at_ms``: of the next attempt, None when there is none."""

    tenant: str
    endpoint_id: str
    id: str
    contact_id: str
    type: str
    body: str
    occurred_at_ms: int
    due_at_ms: int | None
    state: State = State.PENDING
    attempts: int = 0
    status: int | None = None
    version: int = 1

    def changed(self, **fields: object) -> Delivery:
        return replace(self, version=self.version + 1, **fields)  # type: ignore[arg-type]


def delivery_of(event: Event, endpoint_id: str, now_ms: int) -> Delivery:
    """Of the same event the same."""
    made_of = f"{endpoint_id}\n{event.id}".encode()
    at = datetime.fromtimestamp(event.occurred_at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    data: dict[str, object] = {"contact_id": event.contact_id, "record": event.record, "number": event.number}
    if event.contact_id.startswith(IMPORTED):
        data["imported"] = True
    body = json.dumps({"type": event.TYPE, "timestamp": at, "data": data}, separators=(",", ":"))
    return Delivery(
        tenant=event.tenant,
        endpoint_id=endpoint_id,
        id="msg_" + hashlib.sha256(made_of).hexdigest()[:32],
        contact_id=event.contact_id,
        type=event.TYPE,
        body=body,
        occurred_at_ms=event.occurred_at_ms,
        due_at_ms=now_ms,
    )


class Deliveries(Protocol):
    """Raises Retryable throughout."""

    def add(self, delivery: Delivery) -> bool:
        """Whether it was not there."""
        ...

    def save(self, delivery: Delivery) -> None:
        """Its version is one more than what is stored. Raises DeliveryChanged."""
        ...

    def due(self, tenant: str, now_ms: int, *, limit: int) -> Sequence[Delivery]:
        """Those whose time has come, the most overdue first."""
        ...

    def is_first(self, delivery: Delivery) -> bool:
        """Whether none of its contact that happened before is still pending at its endpoint."""
        ...

    def between(self, tenant: str, endpoint_id: str, since_ms: int, until_ms: int) -> Iterator[Delivery]:
        """By when they happened; ``until_ms`` is not included."""
        ...
