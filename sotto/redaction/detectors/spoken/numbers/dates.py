"""Dates as people say and write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sotto.redaction.detectors.tokens import Fluent, Token

NUMERIC = re.compile(
    r"(?<![\d/.-])(?:(?P<year>(?:19|20)\d\d)[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?P<last>\d{4}|"
    r"\d{2}))(?![\d/-])"
)
_SURELY_PAST = 40
"""A year of two digits from here on is one of the last century: "5/11/75" is hardly ever anything but a birth."""
_LONGEST_DATE = 72
"""Characters."""
_MOST_JOINING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DateGrammar:
    """How a language says dates; patterns are matched on fluent text."""

    hint: re.Pattern[str]
    """Cheap, and found wherever one of the others is."""
    full: re.Pattern[str]
    """Day, month and ``year``."""
    part: re.Pattern[str]
    begun: re.Pattern[str]
    """At the end of a text: what a date may go on from."""
    grown: re.Pattern[str]
    """A year in which a grown person may have been born."""
    word: re.Pattern[str]
    """One word that dates are made of."""
    within: frozenset[str]
    """Other words within a date."""
    day_or_month: re.Pattern[str]
    month_or_year: re.Pattern[str]
    joining: frozenset[str]
    begun_by_alone: frozenset[str]
    """What begins a date only where one is awaited: "the"."""
    seldom: frozenset[str]
    """Parts of dates that more often mean something else."""
    before: frozenset[str]
    """What stands around a date that was asked for."""
    not_birth: frozenset[str]
    """A date after one of these is nobody's birth."""
    year_of_two_digits: frozenset[str]
    """The signs after which a written year of two digits counts."""
    expiry: re.Pattern[str]
    """When a card expires; ``month`` is the month where it was named. Matched where an expiry is expected."""
    numeric: re.Pattern[str] = NUMERIC
    """In digits only, with ``year`` or ``last``."""


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """Offsets in the source. ``is_full``: day, month and year; ``is_grown``: a grown person may have been born then."""

    start: int
    end: int
    is_full: bool
    is_grown: bool


def dates_in(text: str, fluent: Fluent, grammar: DateGrammar) -> Iterator[SpokenDate]:
    """Every date; parts of dates (a day and a month, a year) only where no full date covers them."""
    full: list[tuple[int, int]] = []
    if grammar.hint.search(fluent.text):
        for m in grammar.full.finditer(fluent.text):
            full.append(m.span())
            yield SpokenDate(*fluent.source(*m.span()), True, bool(grammar.grown.match(m["year"])))
        for m in grammar.part.finditer(fluent.text):
            if not any(m.start() < end and start < m.end() for start, end in full):
                yield SpokenDate(*fluent.source(*m.span()), False, False)
    for m in grammar.numeric.finditer(text):
        yield SpokenDate(*m.span(), True, _is_grown_numeric(m.group(), m["year"] or m["last"], grammar))


def begun_date(fluent: Fluent, grammar: DateGrammar, *, awaited: bool) -> int | None:
    """Where a date begins that the end of the text may be in the middle of; an offset in the source. None: nowhere.
    A mere "the" begins one only where one is ``awaited``."""
    end = fluent.text[-_LONGEST_DATE:]
    last = end.rpartition(" ")[2]
    begun = grammar.begun.search(end) if last in grammar.within or grammar.word.match(last) else None
    if begun is None or (begun.group() in grammar.begun_by_alone and not awaited):
        return None
    return fluent.source(len(fluent.text) - len(end) + begun.start(), len(fluent.text))[0]


def _is_grown_numeric(date: str, year: str, grammar: DateGrammar) -> bool:
    """In English years of two digits count after slashes only: "20-11-75" may be a sort code, "1.2.75" a version."""
    if len(year) == 2 and grammar.year_of_two_digits.isdisjoint(date):
        return False
    return bool(grammar.grown.match(year)) if len(year) == 4 else int(year) >= _SURELY_PAST


def whole_date(start: int, end: int, tokens: list[Token], grammar: DateGrammar) -> tuple[int, int]:
    """A stretch of a date with the days, months and years beside it, however they are joined to it: "march and the
    third nineteen eighty". Offsets in the source."""
    before = [token for token in tokens if token.end <= start]
    after = [token for token in tokens if token.start >= end]
    first, last = (
        _farthest(before[::-1], grammar.day_or_month, grammar),
        _farthest(after, grammar.month_or_year, grammar),
    )
    return first.start if first else start, last.end if last else end


def _farthest(tokens: list[Token], belongs: re.Pattern[str], grammar: DateGrammar) -> Token | None:
    """The last that belongs to a date before anything else is said, with at most two joining words between."""
    farthest, joining = None, 0
    for token in tokens:
        if belongs.fullmatch(token.text):
            farthest, joining = token, 0
        elif token.text not in grammar.joining or (joining := joining + 1) > _MOST_JOINING:
            break
    return farthest


def date_words(tokens: list[Token], grammar: DateGrammar) -> list[Token]:
    """Every word that a date may be made of, however garbled: what is left of "1st 7 1944" or "18th"."""
    return [token for token in tokens if grammar.word.match(token.text)]
