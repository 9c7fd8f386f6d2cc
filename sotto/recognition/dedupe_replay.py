"""After a replay, the part of a result that is already final (or committed) is dropped."""

from __future__ import annotations

from dataclasses import replace

from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.redactor import Redacted


def dedupe_replay(result: TranscriptResult, until_ms: float) -> TranscriptResult | None:
    """The part of a result that lies after ``until_ms`` of its speaker's call time, or None.

    A word belongs to the side that holds its middle: two providers, and two runs of one, differ by tens of ms at a
    word's edges.
    """
    if result.start_ms >= until_ms:
        return result
    if not result.words:
        return result if (result.start_ms + result.end_ms) / 2 >= until_ms else None
    words = tuple(word for word in result.words if (word.start_ms + word.end_ms) / 2 >= until_ms)
    if not words:
        return None
    start_ms = max(words[0].start_ms, until_ms)
    return replace(result, words=words, text=" ".join(word.text for word in words), start_ms=start_ms)


def dedupe_redacted(redacted: Redacted, until_ms: float) -> Redacted | None:
    """The same for a redacted result; the spans move with the text, of which only the beginning is ever cut off."""
    rest = dedupe_replay(redacted.result, until_ms)
    if rest is None or rest is redacted.result:
        return redacted if rest else None
    removed = len(redacted.result.text) - len(rest.text)
    spans = tuple(
        replace(span, start_char=span.start_char - removed, end_char=span.end_char - removed)
        for span in redacted.spans
        if span.start_char >= removed
    )
    return Redacted(rest, spans)
