"""A chat's messages are redacted by their order, not by the clock: who was asked for a number may look for it a while
before writing it."""

from __future__ import annotations

from dataclasses import replace

from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.redactor import Redacted, Redactor


class WrittenRedactor:
    """A Redactor. What is expected lapses after so many messages, as on a call, and never by time."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def redact(self, result: TranscriptResult) -> Redacted:
        redacted = self._redactor.redact(replace(result, start_ms=0.0, end_ms=0.0))
        spans = tuple(replace(span, start_ms=result.start_ms, end_ms=result.end_ms) for span in redacted.spans)
        timed = replace(redacted.result, start_ms=result.start_ms, end_ms=result.end_ms)
        return replace(redacted, result=timed, spans=spans)

    def memory(self) -> str:
        return self._redactor.memory()

    def remember(self, memory: str) -> None:
        self._redactor.remember(memory)
