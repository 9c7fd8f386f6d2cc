"""A person's look at what was made of a conversation: its summary, its disposition, its scorecards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReviewState(StrEnum):
    """``CONFIRMED``: a reviewer changed nothing. ``CHANGED``: new versions of something are theirs. ``ACCEPTED``:
    nobody came in time, and it stands as it was made."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Review:
    """``token``: by which the state machine is answered; empty once it is closed. ``by``: the reviewer, empty of one
    that nobody did. Times are Unix epoch; ``at_ms``: when it was closed, 0 before. ``version`` counts 1, 2, 3..."""

    tenant: str
    contact_id: str
    state: ReviewState
    opened_at_ms: int
    token: str = ""
    by: str = ""
    at_ms: int = 0
    version: int = 0

    @property
    def is_waiting(self) -> bool:
        return self.state is ReviewState.WAITING
