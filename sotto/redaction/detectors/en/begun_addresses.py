"""E-mail addresses that an interim may have only begun."""

from __future__ import annotations

import re

from sotto.redaction.detectors.en.numbers.codes import LETTER_NAMES
from sotto.redaction.detectors.en.spoken_addresses import (
    JOINTS,
    LONGEST,
    MAY_PRECEDE,
    PROVIDERS,
    is_character,
    name_start,
    word_at,
)
from sotto.redaction.detectors.tokens import Fluent

_WORD = re.compile(r"\w[\w'-]*$")
_LETTERS_AND_WORDS = frozenset({"a", "i"})


def begun_address(fluent: Fluent, *, announced: bool) -> int | None:
    """Where an e-mail address begins that the end of the text may be in the middle of; an offset in the source.
    ``announced``: one was asked for or spoken of, so that plain words may be its name."""
    words = fluent.text.split(" ") if fluent.text else []
    at = _last_at(words)
    end = len(words) if at is None else at
    if word_at(words, end - 1) in ("for", "as") and len(word_at(words, end - 2)) == 1:
        end -= 1
    start = name_start(words, end)
    first = _first_of(words[start:end], words[end:], announced=announced)
    return None if first is None else fluent.source_of_words(start + first, end - 1)[0]


def _last_at(words: list[str]) -> int | None:
    """The last "at" after which a domain may be going on."""
    for i in range(len(words) - 1, max(-1, len(words) - LONGEST), -1):
        if words[i] in ("at", "@"):
            return i if _may_be_a_domain(words[i + 1 :]) else None
    return None


def _may_be_a_domain(words: list[str]) -> bool:
    joints = sum(word in JOINTS for word in words)
    whole = [word for word in words if not is_character(word) and word not in JOINTS]
    return len(whole) <= MAY_PRECEDE + joints and all(map(_WORD.match, words))


def _first_of(name: list[str], rest: list[str], *, announced: bool) -> int | None:
    """From which word on ``name`` looks like that of an address, with ``rest`` after it: all of it where one is
    announced or it is spelled and joined, else its first letter. None: it does not."""
    letters = [i for i, word in enumerate(name) if _is_letter(word)]
    is_spelled = bool(letters) and sum(_is_letter(word) or word in _LETTERS_AND_WORDS for word in name) > 1
    is_joined = any(word in JOINTS or word in ("for", "as") for word in name)
    goes_on = bool(rest) or is_character(word_at(name, len(name) - 1)) or word_at(name, len(name) - 1) in JOINTS
    is_number = not letters and all(is_character(word) or word in JOINTS | PROVIDERS for word in rest[1:])
    if rest and name and is_number and is_character(name[-1]):
        return next(i for i in range(len(name)) if all(map(is_character, name[i:])))
    if name and (announced or (goes_on and (is_joined or is_spelled))):
        return 0
    if not goes_on or not (letters or (name and name[-1] in _LETTERS_AND_WORDS)):
        return None
    first = letters[0] if letters else len(name) - 1
    return first - (first > 0 and name[first - 1] in _LETTERS_AND_WORDS)


def _is_letter(word: str) -> bool:
    return word in LETTER_NAMES or (len(word) == 1 and word.isalpha() and word not in _LETTERS_AND_WORDS)
