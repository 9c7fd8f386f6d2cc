"""What the audio worker asks of redaction. One redactor serves one contact, because a number may be spoken in parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import PrivateSpan


@dataclass(frozen=True, slots=True)
class Redacted:
    """``result`` has text and words masked; ``spans`` says what stood there and when, never its text. ``expected``:
    after a final, what kind of private data may follow from either speaker."""

    result: TranscriptResult
    spans: tuple[PrivateSpan, ...] = ()
    expected: str | None = field(default=None, compare=False)


class Redactor(Protocol):
    def redact(self, result: TranscriptResult) -> Redacted:
        """Mask what is private in an interim or a final. Interims leave no trace in the redactor's memory; finals do.
        No text makes it raise: what it fails on it withholds as a whole."""
        ...

    def memory(self) -> str:
        """What kind of data it expects, for a successor. Never what was said."""
        ...

    def remember(self, memory: str) -> None:
        """Go on from another redactor's memory."""
        ...
