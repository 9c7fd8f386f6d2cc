"""Finds a playbook's phrases in spoken text."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = r"[\w$%]+(?:['’][\w]+)*"
_BETWEEN = r"[^\w'’]+['’]?"
_NOT_A_WORD = " \t\n,.;:!?-–—…\"'’()/"
_GAP = rf"(?:{_BETWEEN}{_WORD}){{0,5}}?"


@lru_cache(maxsize=4096)
def pattern_of(phrase: str) -> re.Pattern[str]:
    """``close/cancel (my) account`` -> a pattern over whole words, any case, with any punctuation between them."""
    pieces: list[str] = []
    for token in re.findall(r"\([^()]*\)|\.\.\.|[^\s()]+", phrase.lower()):
        if token == "...":
            pieces.append(_GAP)
        elif token.startswith("("):
            pieces.append(rf"(?:{_BETWEEN}{_sequence(token[1:-1])})?")
        else:
            pieces.append(rf"{_BETWEEN}{_choice(token)}")
    # Every piece brings the separator before it; the text is searched with one in front.
    return re.compile(rf"{''.join(pieces)}(?!\w|['’]\w)", re.IGNORECASE)


def _sequence(words: str) -> str:
    return _BETWEEN.join(_choice(word) for word in words.split())


def _choice(token: str) -> str:
    return f"(?:{'|'.join(_word(word) for word in token.split('/') if word)})"


def _word(word: str) -> str:
    """An apostrophe may be missing or curly: recognisers differ."""
    bare = word.strip(",.!?;:")
    return re.escape(bare).replace("'", "['’]?").replace("’", "['’]?")


@lru_cache(maxsize=8192)
def spans(phrases: tuple[str, ...], text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) in characters of every match, each stretch of text once."""
    found = set()
    for phrase in phrases:
        for match in pattern_of(phrase).finditer(" " + text):
            separator = len(match.group()) - len(match.group().lstrip(_NOT_A_WORD))
            found.add((match.start() + separator - 1, match.end() - 1))
    return tuple(sorted(found))
