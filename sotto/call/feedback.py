"""What agents make of what they were shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FeedbackAction(StrEnum):
    """What an agent did with an annotation."""

    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    RATED = "rated"
    RESTORED = "restored"
    """Takes ACKNOWLEDGED and DISMISSED back: the agent pressed the wrong key."""


class Rating(StrEnum):
    UP = "UP"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True)
class FeedbackEntry:
    """One act of feedback. ``at_ms`` is Unix epoch; ``rating`` and ``reason`` belong to RATED."""

    tenant: str
    contact_id: str
    annotation_id: str
    agent: str
    response: FeedbackAction
    at_ms: float
    rating: Rating | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """All that was given on one annotation; of each response the latest counts. Times are Unix epoch."""

    contact_id: str
    annotation_id: str
    acknowledged_at_ms: float | None = None
    dismissed_at_ms: float | None = None
    rated_at_ms: float | None = None
    rating: Rating | None = None
    reason: str | None = None
