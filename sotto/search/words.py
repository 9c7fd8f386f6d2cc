"""Words as they are compared: in lower case, cut to their stems by the rules of the text's language.

A question has no language of its own, so each of its words stands for all that it may be cut to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sotto.core.content_words import STOP, stem

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GERMAN_ENDINGS = ("ern", "em", "en", "er", "es", "e", "s", "n")
_GERMAN_STOP = frozenset(
    "aber als am an auch auf aus bei bin bis da das dem den der des die dies doch ein eine einem einen einer er es für"
    " hab habe haben hat hier ich ihm ihn ihr im in ist ja kann kein mal man mein mich mir mit nach nicht noch nun nur"
    " ob oder schon sehr sein sich sie sind so um und uns vom von vor war was wenn wer wie wir wird zu zum zur".split()
)
Word = frozenset[str]
"""A word of a question: the stems that it stands for."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Token:
    stem: str
    start: int
    end: int


def tokens(text: str, language: str) -> list[Token]:
    cut = _german if language.lower().startswith("de") else _english
    return [
        Token(cut(found[0].lower().replace("’", "'")), found.start(), found.end()) for found in _WORD.finditer(text)
    ]


def words_of(text: str) -> list[Word]:
    """All words of a question, in order."""
    return [_meant(found[0]) for found in _WORD.finditer(text)]


def content_of(text: str) -> list[Word]:
    """Those that carry meaning, each once; all of them where none does."""
    found = [each[0] for each in _WORD.finditer(text)]
    telling = [each for each in found if each.lower() not in STOP and each.lower() not in _GERMAN_STOP]
    return list(dict.fromkeys(_meant(each) for each in telling or found))


def places_of(phrase: Sequence[Word], text: Sequence[Token]) -> list[Span]:
    """Where the words stand one after the other, in characters."""
    length = len(phrase)
    if not length:
        return []
    return [
        (text[at].start, text[at + length - 1].end)
        for at in range(len(text) - length + 1)
        if all(text[at + offset].stem in word for offset, word in enumerate(phrase))
    ]


def _meant(word: str) -> Word:
    lower = word.lower().replace("’", "'")
    return frozenset((_english(lower), _german(lower)))


def _english(word: str) -> str:
    return stem(word)


def _german(word: str) -> str:
    for ending in _GERMAN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
