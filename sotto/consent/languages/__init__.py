"""Which languages consent is understood in: a module of words for each, called by its primary tag."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from sotto.call.language import LanguageSet, primary
from sotto.consent.languages.words import ConsentWords

LANGUAGES = LanguageSet(tuple(sorted(each.stem for each in Path(__file__).parent.glob("??.py"))))


@cache
def _words(language: str) -> ConsentWords:
    found: ConsentWords = import_module(f"sotto.consent.languages.{language}").WORDS
    return found


def words_of(language: str) -> ConsentWords:
    """Of a tag such as de-DE. In a language without words nobody consents by speaking; English ones are listened for,
    since a refusal may come in them."""
    return _words(primary(language) if language in LANGUAGES else "en")
