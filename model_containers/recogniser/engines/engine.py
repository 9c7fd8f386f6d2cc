"""What the container asks of whatever recognises: an engine for the process, a channel for each side of a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sotto.call.language import LanguageSet
from sotto.core.errors import Rejected
from sotto.recognition.whisper.features import Samples

Emit = Callable[[dict[str, Any]], None]
"""Takes a result: the fields of a TranscriptResult but its speaker."""


class EngineUnusable(Rejected):
    """The engine cannot serve: a package or a file is missing, or the model is not one that it runs."""


@dataclass(frozen=True, slots=True)
class Work:
    """How an engine fares. ``behind_ms``: how long what has waited longest waits; ``running_ms``: how long the pass
    that began first has been running. ``passes`` and ``readings``: since the start; their quotient is the mean batch.
    ``broken``: what makes passes has ended."""

    behind_ms: float
    running_ms: float
    passes: int
    readings: int
    broken: bool = False


class Channel(Protocol):
    """One side of a call. Both methods take as long as recognising does, and are called from one thread at a time."""

    def audio(self, samples: Samples) -> None:
        """8 kHz, -1..1, any length."""
        ...

    def finish(self) -> None: ...


class Engine(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> LanguageSet:
        """Known once it is loaded."""
        ...

    def load(self) -> None:
        """Load the model and use it once, so that no call is the first. Raises EngineUnusable."""
        ...

    def channel(self, *, language: str, offset_ms: float, words: tuple[str, ...], emit: Emit) -> Channel: ...

    def work(self) -> Work: ...

    def close(self) -> None: ...
