"""What is already settled is never heard twice."""

from __future__ import annotations

from dataclasses import replace

from sotto.speech.recogniser import Recognised


def unsettled_part(event: Recognised, settled_ms: float) -> Recognised | None:
    """The part of a result that lies after ``settled_ms`` of its speaker's call time, or None.

    A word belongs to the side that holds its middle: two providers, and two runs of one, differ by tens of ms at a
    word's edges.
    """
    if event.start_ms >= settled_ms:
        return event
    if not event.words:
        return event if (event.start_ms + event.end_ms) / 2 >= settled_ms else None
    words = tuple(word for word in event.words if (word.start_ms + word.end_ms) / 2 >= settled_ms)
    if not words:
        return None
    start_ms = max(words[0].start_ms, settled_ms)
    return replace(event, words=words, text=" ".join(word.text for word in words), start_ms=start_ms)
