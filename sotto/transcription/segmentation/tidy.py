"""TranscriptResult pieces joined into one readable text, with the spans in it moved along."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sotto.call.utterance import DoubtfulWord, PrivateSpan

Span = PrivateSpan | DoubtfulWord
_LONE_I = re.compile(r"(?<![\w'])i(?=$|\s|[,.?!;:]|'(?:m|d|ll|ve)\b)")
_FIRST_LETTER = re.compile(r"^[^\w\[]*([a-z])")


def tidy(pieces: Iterable[tuple[str, tuple[Span, ...]]]) -> tuple[str, tuple[Span, ...]]:
    """Join with single spaces, capitalise the beginning and the word I. No punctuation is invented.

    Only the spacing changes lengths, so spans are moved there; casing keeps every character's place.
    """
    text = ""
    spans: list[Span] = []
    for piece, piece_spans in pieces:
        squeezed, places = _squeeze(piece)
        if not squeezed:
            continue
        offset = len(text) + (1 if text else 0)
        text = f"{text} {squeezed}" if text else squeezed
        spans += [
            replace(s, start_char=offset + _place(places, s.start_char), end_char=offset + _place(places, s.end_char))
            for s in piece_spans
        ]
    return _sentence_case(text), tuple(spans)


def _squeeze(text: str) -> tuple[str, list[int]]:
    """Single spaces, none at the ends; and for each old place (the end included) its new one."""
    kept: list[str] = []
    places: list[int] = []
    for char in text:
        if not char.isspace():
            places.append(len(kept))
            kept.append(char)
        elif kept and kept[-1] != " ":
            places.append(len(kept))
            kept.append(" ")
        else:
            places.append(len(kept))
    end = len("".join(kept).rstrip())
    return "".join(kept[:end]), [min(place, end) for place in [*places, end]]


def _place(places: list[int], old: int) -> int:
    return places[min(max(old, 0), len(places) - 1)]


def _sentence_case(text: str) -> str:
    text = _LONE_I.sub("I", text)
    if first := _FIRST_LETTER.match(text):
        at = first.start(1)
        return text[:at] + text[at].upper() + text[at + 1 :]
    return text
