"""What the API keeps of requests: how many each client has made, and the answers to writes that may be sent again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from sotto.api.rest.http import Response


class Requests(Protocol):
    """Raises Retryable throughout."""

    def count(self, tenant: str, who: str, window: int, expires_at_s: int) -> int:
        """How many this client has made in this window, with this one. ``expires_at_s``: Unix epoch."""
        ...


class Standing(Enum):
    FIRST = "first"
    """Nobody has sent it before: it is yours to do."""
    UNDER_WAY = "under_way"
    OTHER = "other"
    """The same token came with something else."""


@dataclass(frozen=True, slots=True)
class Write:
    """A write that may be sent again. ``token``: the client's; ``digest``: of what was sent."""

    tenant: str
    who: str
    token: str
    digest: str


class Writes(Protocol):
    """Raises Retryable throughout."""

    def begin(self, write: Write, now_ms: int, *, until_ms: int, lost_after_ms: int) -> Standing | Response:
        """The kept answer, or how it stands. One that began and was not finished counts as lost after
        ``lost_after_ms``. Kept until ``until_ms``."""
        ...

    def finish(self, write: Write, answer: Response) -> None: ...

    def give_up(self, write: Write) -> None:
        """It was not done, and may be sent again."""
        ...
