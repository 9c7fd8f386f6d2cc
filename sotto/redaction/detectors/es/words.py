"""Spanish words as texts are read here: in lower case, without accents, "ñ" as "n"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sotto.redaction.detectors.folding import without_accents

Value = TypeVar("Value")


def spanish(*lines: str) -> frozenset[str]:
    """The words of some lines."""
    return frozenset(without_accents(" ".join(lines)).split())


def spanish_map(words: Mapping[str, Value]) -> dict[str, Value]:
    return {without_accents(word): value for word, value in words.items()}


def pattern(source: str) -> str:
    """A regular expression for plain text from one in Spanish spelling."""
    return "".join(without_accents(c) if not c.isascii() else c for c in source)
