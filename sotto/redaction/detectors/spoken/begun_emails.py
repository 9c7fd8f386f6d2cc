"""E-mail addresses that an interim may have only begun."""

from __future__ import annotations

import re

from sotto.redaction.detectors.spoken.emails import LONGEST, MAY_PRECEDE, EmailWords, name_start, word_at
from sotto.redaction.detectors.tokens import Fluent

_WORD = re.compile(r"\w[\w'-]*$")


def begun_address(fluent: Fluent, names: EmailWords, *, announced: bool) -> int | None:
    """Where an e-mail address begins that the end of the text may be in the middle of; an offset in the source.
    ``announced``: one was asked for or spoken of, so that plain words may be its name."""
    words = names.words_of(fluent)
    at = _last_at(words, names)
    end = len(words) if at is None else at
    if word_at(words, end - 1) in names.like and len(word_at(words, end - 2)) == 1:
        end -= 1
    start = name_start(words, end, names)
    first = _first_of(words[start:end], words[end:], names, announced=announced)
    return None if first is None else fluent.source_of_words(start + first, end - 1)[0]


def _last_at(words: list[str], names: EmailWords) -> int | None:
    """The last "at" after which a domain may be going on."""
    for i in range(len(words) - 1, max(-1, len(words) - LONGEST), -1):
        if words[i] in ("at", "@"):
            return i if _may_be_a_domain(words[i + 1 :], names) else None
    return None


def _may_be_a_domain(words: list[str], names: EmailWords) -> bool:
    joints = sum(word in names.joints for word in words)
    whole = [word for word in words if not names.is_character(word) and word not in names.joints]
    return len(whole) <= MAY_PRECEDE + joints and all(map(_WORD.match, words))


def _first_of(name: list[str], rest: list[str], names: EmailWords, *, announced: bool) -> int | None:
    """From which word on ``name`` looks like that of an address, with ``rest`` after it: all of it where one is
    announced or it is spelled and joined, else its first letter. None: it does not."""
    letters = [i for i, word in enumerate(name) if _is_letter(word, names)]
    is_spelled = (
        bool(letters) and sum(_is_letter(word, names) or word in names.words_of_one_letter for word in name) > 1
    )
    is_joined = any(word in names.joints or word in names.like for word in name)
    goes_on = (
        bool(rest) or names.is_character(word_at(name, len(name) - 1)) or word_at(name, len(name) - 1) in names.joints
    )
    is_number = not letters and all(
        names.is_character(word) or word in names.joints | names.providers for word in rest[1:]
    )
    if rest and name and is_number and names.is_character(name[-1]):
        return next(i for i in range(len(name)) if all(map(names.is_character, name[i:])))
    if name and (announced or (goes_on and (is_joined or is_spelled))):
        return 0
    if not goes_on or not (letters or (name and name[-1] in names.words_of_one_letter)):
        return None
    first = letters[0] if letters else len(name) - 1
    return first - (first > 0 and name[first - 1] in names.words_of_one_letter)


def _is_letter(word: str, names: EmailWords) -> bool:
    return word in names.letters or (len(word) == 1 and word.isalpha() and word not in names.words_of_one_letter)
