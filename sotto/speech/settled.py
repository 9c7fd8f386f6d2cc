"""What of a result is new, when an earlier worker or session settled speech up to some moment."""

from __future__ import annotations

from dataclasses import replace

from sotto.privacy.redactor import Redacted
from sotto.speech.recogniser import Recognised


def unsettled(heard: Recognised, settled_ms: float) -> Recognised | None:
    """The part of ``heard`` spoken after ``settled_ms`` (call time); None when nothing is left.

    A word belongs to the side on which its middle lies: two providers, or two sessions of one, place the same word
    some tens of milliseconds apart. A result without word times is kept or dropped whole by the same rule.
    """
    if heard.start_ms >= settled_ms:
        return heard
    if not heard.words:
        return heard if (heard.start_ms + heard.end_ms) / 2 >= settled_ms else None
    words = tuple(word for word in heard.words if (word.start_ms + word.end_ms) / 2 >= settled_ms)
    if not words:
        return None
    if len(words) == len(heard.words):
        return heard
    return replace(heard, words=words, text=" ".join(word.text for word in words), start_ms=words[0].start_ms)


def unsettled_redacted(redacted: Redacted, settled_ms: float) -> Redacted | None:
    """The same for a redacted result; the spans move with the text."""
    rest = unsettled(redacted.heard, settled_ms)
    if rest is None or rest is redacted.heard:
        return redacted if rest else None
    removed = len(redacted.heard.text) - len(rest.text)
    spans = tuple(
        replace(span, start_char=span.start_char - removed, end_char=span.end_char - removed)
        for span in redacted.spans
        if span.start_char >= removed
    )
    return Redacted(rest, spans)
