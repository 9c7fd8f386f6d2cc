"""What somebody typed, as it is searched for.

    refund for a broken phone            words, and what they mean
    "cancel my card"                     these words, one after the other
    refund -voucher -"next week"         without these
    "opening hours" BEFORE refund        the first is said before the second, in one conversation; AFTER likewise

``before`` and ``after`` in small letters mean this only between two phrases in quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sotto.core.errors import Rejected
from sotto.search.words import Word, content_of, words_of

LONGEST = 500
MOST_WORDS = 40
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_ORDERS = re.compile(r'(?<=")\s+(before|after)\s+(?=")|(?<!\S)(BEFORE|AFTER)(?!\S)')


class BadQuery(Rejected):
    """Nothing can be searched for by this; the message says what to write."""


class Order(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Said:
    """What one utterance, or line, is to have. ``text``: what is asked for, without what is excluded. ``words``: those
    that carry meaning, outside of phrases."""

    text: str
    words: tuple[Word, ...]
    phrases: tuple[tuple[Word, ...], ...] = ()
    excluded: tuple[tuple[Word, ...], ...] = ()

    @property
    def all_words(self) -> tuple[Word, ...]:
        return tuple(dict.fromkeys((*self.words, *(word for phrase in self.phrases for word in phrase))))


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """``said`` in an utterance, ``order`` (before or after) ``other`` in another one of the same conversation."""

    said: Said
    order: Order | None = None
    other: Said | None = None


def parsed(text: str) -> SearchQuery:
    """Raises BadQuery."""
    if len(text) > LONGEST:
        raise BadQuery(f"text: has {len(text):,} characters, more than {LONGEST}; search for what is special about it")
    if text.count('"') % 2:
        raise BadQuery("text: a quotation mark is not closed")
    orders = list(_ORDERS.finditer(text))
    if len(orders) > 1:
        raise BadQuery("text: BEFORE and AFTER stand between two things, once")
    if not orders:
        return SearchQuery(_said(text))
    (found,) = orders
    left, right = _said(text[: found.start()]), _said(text[found.end() :])
    return SearchQuery(left, Order((found[1] or found[2]).lower()), right)


def _said(text: str) -> Said:
    words: list[str] = []
    asked: list[str] = []
    phrases: list[tuple[Word, ...]] = []
    excluded: list[tuple[Word, ...]] = []
    for part in _PART.finditer(text):
        written = part["phrase"] if part["phrase"] is not None else part["word"]
        found = tuple(words_of(written))
        if not found:
            continue
        if part["minus"]:
            excluded.append(found)
            continue
        asked.append(written)
        if part["phrase"] is not None:
            phrases.append(found)
        else:
            words.append(written)
    if not asked:
        raise BadQuery(
            "text: says only what is not to be there; add what is"
            if excluded
            else "text: write a word, a phrase in quotes, or both, on each side of BEFORE and AFTER"
        )
    content = tuple(content_of(" ".join(words))) if words else ()
    if len(content) + sum(map(len, phrases)) + sum(map(len, excluded)) > MOST_WORDS:
        raise BadQuery(f"text: has more than {MOST_WORDS} words; search for what is special about it")
    return Said(" ".join(asked), content, tuple(phrases), tuple(excluded))
