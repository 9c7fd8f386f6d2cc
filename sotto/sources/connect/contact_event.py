"""Amazon Connect's contact events, as EventBridge brings them.

Published samples differ in the case of their keys, so keys are read case-insensitively. Delivery is best effort and
unordered; each event holds all that was known of the contact when it was made, so a later one makes up for an earlier
one that is lost. https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html
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
    """``kind`` is Connect's eventType in upper case. ``agent`` is the last part of the agent's ARN. Times are Unix
    epoch: ``connected_at_ms`` when that agent joined, ``occurred_at_ms`` when what the event tells happened.
    ``initial_contact_id`` and ``previous_contact_id``: None in the first contact of a conversation.
    ``changed``: what a CONTACT_DATA_UPDATED says was changed, by its names; never the values."""

    kind: str
    contact_id: str
    instance_arn: str
    agent: str | None = None
    queue_arn: str | None = None
    connected_at_ms: float | None = None
    occurred_at_ms: float | None = None
    initial_contact_id: str | None = None
    previous_contact_id: str | None = None
    initiation_method: str = "INBOUND"
    channel: str = "VOICE"
    enqueued_at_ms: float | None = None
    disconnected_at_ms: float | None = None
    changed: frozenset[str] = frozenset()

    @property
    def ends(self) -> bool:
        return self.kind in ("DISCONNECTED", "COMPLETED")

    @property
    def changes_attributes(self) -> bool:
        return self.kind == "CONTACT_DATA_UPDATED" and "userdefinedattributes" in self.changed

    @classmethod
    def parsed(cls, event: Any) -> ContactEvent:
        """Raises NotAContactEvent naming what is missing."""
        detail = _lowered(event.get("detail") if isinstance(event, Mapping) else None)
        missing = [name for name in ("eventtype", "contactid", "instancearn") if not isinstance(detail.get(name), str)]
        if missing:
            raise NotAContactEvent(f"detail lacks {', '.join(missing)}; expected an 'Amazon Connect Contact Event'")
        agent_info, queue_info = _lowered(detail.get("agentinfo")), _lowered(detail.get("queueinfo"))
        agent_arn = agent_info.get("agentarn")
        changed = detail.get("updatedproperties")
        return cls(
            kind=detail["eventtype"].upper(),
            contact_id=detail["contactid"],
            instance_arn=detail["instancearn"],
            agent=agent_arn.rsplit("/", 1)[-1] if isinstance(agent_arn, str) and agent_arn else None,
            queue_arn=_text(queue_info.get("queuearn")),
            connected_at_ms=_epoch_ms(agent_info.get("connectedtoagenttimestamp")),
            occurred_at_ms=_epoch_ms(event.get("time")),
            initial_contact_id=_text(detail.get("initialcontactid")),
            previous_contact_id=_text(detail.get("previouscontactid")),
            initiation_method=(_text(detail.get("initiationmethod")) or "INBOUND").upper(),
            channel=(_text(detail.get("channel")) or "VOICE").upper(),
            enqueued_at_ms=_epoch_ms(queue_info.get("enqueuetimestamp")),
            disconnected_at_ms=_epoch_ms(detail.get("disconnecttimestamp")),
            changed=frozenset(str(each).lower() for each in changed) if isinstance(changed, list) else frozenset(),
        )


def _lowered(value: Any) -> dict[str, Any]:
    return {str(key).lower(): each for key, each in value.items()} if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


UNSET_BEFORE_MS = 86_400_000.0
"""Connect writes a time that has not come yet as the first moment of 1970."""


def _epoch_ms(timestamp: Any) -> float | None:
    """None for what is not an ISO 8601 time with a zone: a late or odd event must not lose the rest of it."""
    try:
        at = datetime.fromisoformat(timestamp)
    except (TypeError, ValueError):
        return None
    at_ms = at.timestamp() * 1000 if at.tzinfo else 0.0
    return at_ms if at_ms > UNSET_BEFORE_MS else None
