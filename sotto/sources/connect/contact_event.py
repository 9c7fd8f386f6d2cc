"""Amazon Connect's contact events, as EventBridge brings them.

Published samples differ in the case of their keys, so keys are read case-insensitively. Delivery is best effort and
unordered. https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sotto.core.errors import Rejected


class NotAContactEvent(Rejected):
    """The event is not an Amazon Connect contact event."""


@dataclass(frozen=True, slots=True)
class ContactEvent:
    """``kind`` is Connect's eventType in upper case. ``agent`` is the last part of the agent's ARN. ``connected_at_ms``
    (Unix epoch) is when that agent joined, ``occurred_at_ms`` when what the event tells happened."""

    kind: str
    contact_id: str
    instance_arn: str
    agent: str | None = None
    queue_arn: str | None = None
    connected_at_ms: float | None = None
    occurred_at_ms: float | None = None

    @classmethod
    def parsed(cls, event: Any) -> ContactEvent:
        """Raises NotAContactEvent naming what is missing."""
        detail = _lowered(event.get("detail") if isinstance(event, Mapping) else None)
        missing = [name for name in ("eventtype", "contactid", "instancearn") if not isinstance(detail.get(name), str)]
        if missing:
            raise NotAContactEvent(f"detail lacks {', '.join(missing)}; expected an 'Amazon Connect Contact Event'")
        agent_info = _lowered(detail.get("agentinfo"))
        agent_arn = agent_info.get("agentarn")
        return cls(
            kind=detail["eventtype"].upper(),
            contact_id=detail["contactid"],
            instance_arn=detail["instancearn"],
            agent=agent_arn.rsplit("/", 1)[-1] if isinstance(agent_arn, str) and agent_arn else None,
            queue_arn=_lowered(detail.get("queueinfo")).get("queuearn") or None,
            connected_at_ms=_epoch_ms(agent_info.get("connectedtoagenttimestamp")),
            occurred_at_ms=_epoch_ms(event.get("time")),
        )


def _lowered(value: Any) -> dict[str, Any]:
    return {str(key).lower(): each for key, each in value.items()} if isinstance(value, Mapping) else {}


def _epoch_ms(timestamp: Any) -> float | None:
    """None for what is not an ISO 8601 time with a zone: a late or odd event must not lose the rest of it."""
    try:
        at = datetime.fromisoformat(timestamp)
    except (TypeError, ValueError):
        return None
    return at.timestamp() * 1000 if at.tzinfo else None
