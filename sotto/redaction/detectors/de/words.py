"""German words as texts are read here: without accents, and in every way that people write them without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sotto.redaction.detectors.folding import without_accents

Value = TypeVar("Value")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_EITHER = str.maketrans({"ä": "(?:ae?)", "ö": "(?:oe?)", "ü": "(?:ue?)", "ß": "(?:ss?)"})


def forms_of(word: str) -> set[str]:
    """ "fünf" -> "funf", "fuenf"."""
    return {without_accents(word), without_accents(word.translate(_SPELT_OUT))}


def german(*lines: str) -> frozenset[str]:
    """The words of some lines in every form."""
    return frozenset(form for word in " ".join(lines).split() for form in forms_of(word))


def german_map(words: Mapping[str, Value]) -> dict[str, Value]:
    return {form: value for word, value in words.items() for form in forms_of(word)}


def pattern(source: str) -> str:
    """A regular expression for plain text from one in German spelling."""
    return source.translate(_EITHER)
