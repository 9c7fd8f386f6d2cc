"""What a supervisor writes to the agent of a live call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST_NOTE = 280
"""Characters: the agent reads it while the customer speaks."""


class NoteState(StrEnum):
    """What the agent made of it; a later one replaces an earlier one."""

    SENT = "sent"
    SEEN = "seen"
    DONE = "done"

    @property
    def rank(self) -> int:
        return list(NoteState).index(self)


@dataclass(frozen=True, slots=True)
class SupervisorNote:
    """``id``: chosen by the sender, so that a request that is repeated makes no second note. ``sender`` is a username,
    ``sender_name`` what people call them; ``agent``: whom it is for. ``text`` is redacted. Times are Unix epoch."""

    tenant: str
    contact_id: str
    id: str
    sender: str
    sender_name: str
    agent: str
    text: str
    sent_at_ms: int
    state: NoteState = NoteState.SENT
    state_at_ms: int = 0

    @property
    def version(self) -> int:
        """Rises with its state."""
        return 1 + self.state.rank
