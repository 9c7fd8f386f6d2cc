"""Asking again, when and as often as a service wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sotto.core.clock import Clock
from sotto.core.retry_after import retry_after_ms
from sotto.knowledge.knowledge_source import SourceUnavailable

TRIES = 6
FIRST_WAIT_MS = 1_000
LONGEST_WAIT_MS = 120_000
"""Who asks for more is asked again another day."""
Answer = TypeVar("Answer")


class AskAgain(Exception):
    """The service did not answer this time. ``after_ms``: when it wants to be asked again, where it says so."""

    def __init__(self, reason: str, after_ms: float | None = None) -> None:
        super().__init__(reason)
        self.after_ms = after_ms


@dataclass(frozen=True, slots=True)
class Retries:
    """``wait`` takes milliseconds."""

    clock: Clock
    wait: Callable[[float], None]

    def ask(self, once: Callable[[], Answer]) -> Answer:
        """``once`` raises AskAgain. Raises SourceUnavailable after TRIES."""
        for attempt in range(TRIES):
            try:
                return once()
            except AskAgain as error:
                wait_ms = FIRST_WAIT_MS * 2**attempt if error.after_ms is None else error.after_ms
                if wait_ms > LONGEST_WAIT_MS:
                    raise SourceUnavailable(f"{error}, and wants to be asked in {wait_ms / 1000:.0f} s") from error
                if attempt == TRIES - 1:
                    raise SourceUnavailable(f"{error}, {TRIES} times") from error
                self.wait(wait_ms)
        raise AssertionError("unreachable")

    def retry_after_ms(self, header: str | None) -> float | None:
        """Of ``Retry-After``; None where it says nothing."""
        return retry_after_ms(header, now_ms=self.clock.now_ms())
