"""Which languages have a pack, and its words for numbers: what others ask of packs, without loading one whole."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from sotto.call.language import LanguageSet
from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords

_DETECTORS = Path(__file__).parent / "detectors"
LANGUAGES = LanguageSet(
    tuple(sorted(each.parent.name for each in _DETECTORS.glob("*/pack.py") if len(each.parent.name) == 2))
)
"""A folder of detectors for each."""


@cache
def number_words_of(language: str) -> NumberWords:
    """Of one of ``LANGUAGES``."""
    words: NumberWords = import_module(f"sotto.redaction.detectors.{language}.number_words").NUMBERS
    return words
