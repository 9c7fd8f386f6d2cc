"""Text as the rules read it: digits, letters and signs of other scripts and forms in their plain form, and without the
characters that nobody sees. Offsets lead back to the text as it came."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from sotto.redaction.finding import Finding

_KEYCAP = ("\ufe0f", "\u20e3")
_LETTERS = {"ß": "s", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "’": "'"}
_SPELLED_OUT = {"\u2024": ".", "\ufe52": ".", "\u2022": "*", "\u00b7": "*", "\u2043": "-"}


@dataclass(frozen=True, slots=True)
class Folded:
    """``places``: where each character of ``text`` stood, and where the source ends; None when nothing moved."""

    text: str
    places: tuple[int, ...] | None = None

    def in_source(self, finding: Finding) -> Finding:
        if self.places is None or finding.end <= finding.start:
            return finding
        return Finding(finding.kind, self.places[finding.start], self.places[finding.end])

    def place(self, offset: int) -> int:
        """Where the character at ``offset`` stood in the source."""
        return offset if self.places is None else self.places[offset]


def folded(text: str) -> Folded:
    """ "４１１１", "٤١١١", "4\u200b111" and "4\ufe0f\u20e31" all read "4111"."""
    if text.isascii():
        return Folded(text)
    characters = [_plain(character) for character in text]
    places = tuple(i for i, character in enumerate(characters) if character)
    return Folded("".join(characters), None if len(places) == len(text) else (*places, len(text)))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One character for one, or none for a character that is not seen."""
    if character.isascii():
        return character
    if unicodedata.category(character) == "Cf" or character in _KEYCAP:
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    compatible = unicodedata.normalize("NFKC", character)
    return _SPELLED_OUT.get(character, compatible if len(compatible) == 1 else character)


def in_lower_case(text: str) -> str:
    """Every character in its place: a few letters become two in lower case and are left as they are."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def without_accents(text: str) -> str:
    """In lower case, "über año" as "uber ano": recognisers and people who type leave accents out. Every character in
    its place; "ß" is one "s"."""
    lower = in_lower_case(text)
    return lower if lower.isascii() else "".join(map(_bare, lower))


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    if character.isascii():
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return base if len(base) == 1 else character
