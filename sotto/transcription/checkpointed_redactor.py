"""A redactor that can say what it expected at an earlier moment of the call."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.redactor import Redacted, Redactor

MEMORIES_KEPT = 256
"""Finals: far more than lie between a checkpoint's sample and the audio read."""


class RemembersPlaces(Protocol):
    """What a session asks of its redactor beside redaction: its memory at an earlier moment, for a successor."""

    def begin_with(self, memory: str) -> None: ...

    def redact(self, result: TranscriptResult) -> Redacted: ...

    def memory_at(self, call_ms: float) -> str: ...

    def latest_memory(self) -> str: ...


class CheckpointedRedactor:
    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._first = ""
        self._memories: deque[tuple[float, str]] = deque(maxlen=MEMORIES_KEPT)

    def begin_with(self, memory: str) -> None:
        """Go on from a predecessor's memory; empty when there is none."""
        self._first = memory
        if memory:
            self._redactor.remember(memory)

    def redact(self, result: TranscriptResult) -> Redacted:
        redacted = self._redactor.redact(result)
        if result.is_final:
            self._memories.append((result.end_ms, self._redactor.memory()))
        return redacted

    def memory_at(self, call_ms: float) -> str:
        """Its memory when only what ended before this had been redacted."""
        known = [memory for end_ms, memory in self._memories if end_ms <= call_ms]
        return known[-1] if known else self._first

    def latest_memory(self) -> str:
        return self._memories[-1][1] if self._memories else self._first
