"""What a recogniser answers: interim and final results, with their words."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.call.contact import Speaker


@dataclass(frozen=True, slots=True)
class Word:
    """``start_ms`` and ``end_ms`` in call time; ``confidence`` 0..1."""

    text: str
    start_ms: float
    end_ms: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TranscriptResult:
    """An interim (a guess, replaced by the next with the same ``result_id``) or a final result.

    Times are call time in ms. ``stability`` 0..1 says how much of an interim the provider expects to keep.
    ``ends_speech`` is true on a final after which the provider detected a pause.
    """

    speaker: Speaker
    result_id: str
    start_ms: float
    end_ms: float
    text: str
    words: tuple[Word, ...] = ()
    is_final: bool = False
    stability: float = 0.0
    ends_speech: bool = False
