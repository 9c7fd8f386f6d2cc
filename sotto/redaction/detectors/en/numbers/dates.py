"""Dates as people say and write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sotto.redaction.detectors.tokens import Fluent, Token

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_TO_NINE = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TEEN = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_ORDINAL = (
    r"(?:(?:(?:twenty|thirty) )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|"
    r"twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_SMALL = rf"(?:{_TO_NINE}|{_TEEN}|(?:twenty|thirty)(?: {_TO_NINE})?|(?:oh?|zero) {_TO_NINE})"
_DAY = rf"(?:{_ORDINAL}|{_SMALL}|\d{{1,2}} ?(?:st|nd|rd|th)?)"
_TENS_YEAR = (
    rf"(?:(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)(?: {_TO_NINE})?|(?:oh?|zero) {_TO_NINE}|"
    rf"{_TEEN}|hundred)"
)
_YEAR = (
    rf"(?:(?:nineteen|twenty) (?:hundred )?(?:and )?{_TENS_YEAR}|two ?thousand(?: (?:and )?{_SMALL})?|"
    rf"19 ?\d\d|20 ?\d\d|19\d \d)"
)
_SHORT_YEAR = rf"(?:{_TENS_YEAR}|\d\d)"
_OF = r" (?:(?:and|of|in|the|year) ){0,3}"
_DAY_MONTH = (
    rf"(?:(?:the )?{_DAY} (?:of )?{_MONTH}|{_MONTH} (?:the )?{_DAY}|"
    rf"(?:the )?(?:{_ORDINAL}|\d{{1,2}} ?(?:st|nd|rd|th)) of (?:the )?{_DAY})"
)
_FULL = re.compile(rf"\b{_DAY_MONTH}{_OF}(?P<year>{_YEAR})\b")
_PART = re.compile(rf"\b(?:{_DAY_MONTH}(?:{_OF}{_SHORT_YEAR})?|{_MONTH} (?:of )?(?:{_YEAR}|{_SHORT_YEAR})|{_YEAR})\b")
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?:(?P<year>(?:19|20)\d\d)[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?P<last>\d{4}|"
    r"\d{2}))(?![\d/-])"
)
_SURELY_PAST = 40
"""A year of two digits from here on is one of the last century: "5/11/75" is hardly ever anything but a birth."""
_LONGEST_DATE = 72
"""Characters."""
_WITHIN_DATES = frozenset("the of in and year hundred thousand oh o ten eleven twelve".split())
_DATE_WORD = re.compile(rf"^(?:{_MONTH}|{_ORDINAL}|{_TENS_YEAR}|{_TO_NINE}|zero|twentieth|\w*\d\w*)$")
_GROWN = re.compile(
    r"^(?:nineteen|19|two ?thousand(?! (?:and )?(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty))|20 ?0\d|twenty (?:oh?|zero) )"
)
_BEGUN_YEAR = r"(?:19|20|19\d|20\d|nineteen|nineteen hundred(?: and)?|twenty|two|two ?thousand(?: and)?|oh?|zero)"
_BEGUN_DAY_MONTH = (
    rf"(?:the|(?:the )?(?:{_DAY}|twenty|thirty)(?: of)?|(?:the )?(?:{_ORDINAL}|\d{{1,2}} ?(?:st|nd|rd|th)) of the|"
    rf"{_MONTH}(?: the)?(?: (?:twenty|thirty|oh?|zero))?)"
)
_LOOSE = rf"(?:{_DAY_MONTH}|{_MONTH}(?: (?:and|of|in|the)){{0,3}} {_DAY})"
_BEGUN_REST = (
    rf"{_LOOSE}(?: (?:and|of|in|the|year)){{0,3}}(?: {_BEGUN_YEAR})?|{_LOOSE}{_OF}{_SHORT_YEAR}|"
    rf"{_MONTH} (?:of |and )?(?:{_YEAR}|{_SHORT_YEAR})|{_MONTH}(?: (?:and|of|in|the)){{1,3}}"
)
_BEGUN = re.compile(rf"\b(?:{_BEGUN_REST}|{_BEGUN_DAY_MONTH})$")
_DAY_OR_MONTH = re.compile(rf"{_MONTH}|{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th)")
_MONTH_OR_YEAR = re.compile(rf"(?!may){_MONTH}|(?:19|20)\d\d")
_JOINING = frozenset([",", "and", "of", "the", "in", "um", "uh"])
_MOST_JOINING = 2
MONTHS = re.compile(rf"\b{_MONTH}\b|\b(?:19|20)\d\d\b|\b(?:nineteen|twenty|two thousand)\b|\bof the\b")


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """Offsets in the source. ``is_full``: day, month and year; ``is_grown``: a grown person may have been born then."""

    start: int
    end: int
    is_full: bool
    is_grown: bool


def dates_in(text: str, fluent: Fluent) -> Iterator[SpokenDate]:
    """Every date; parts of dates (a day and a month, a year) only where no full date covers them."""
    full: list[tuple[int, int]] = []
    if MONTHS.search(fluent.text):
        for m in _FULL.finditer(fluent.text):
            full.append(m.span())
            yield SpokenDate(*fluent.source(*m.span()), True, bool(_GROWN.match(m["year"])))
        for m in _PART.finditer(fluent.text):
            if not any(m.start() < end and start < m.end() for start, end in full):
                yield SpokenDate(*fluent.source(*m.span()), False, False)
    for m in _NUMERIC.finditer(text):
        yield SpokenDate(*m.span(), True, _is_grown_numeric(m.group(), m["year"] or m["last"]))


def begun_date(fluent: Fluent, *, awaited: bool) -> int | None:
    """Where a date begins that the end of the text may be in the middle of; an offset in the source. None: nowhere.
    A mere "the" begins one only where one is ``awaited``."""
    end = fluent.text[-_LONGEST_DATE:]
    last = end.rpartition(" ")[2]
    begun = _BEGUN.search(end) if last in _WITHIN_DATES or _DATE_WORD.match(last) else None
    if begun is None or (begun.group() == "the" and not awaited):
        return None
    return fluent.source(len(fluent.text) - len(end) + begun.start(), len(fluent.text))[0]


def _is_grown_numeric(date: str, year: str) -> bool:
    """Years of two digits count after slashes only: "20-11-75" may be a sort code, "1.2.75" a version."""
    if len(year) == 2 and "/" not in date:
        return False
    return bool(_GROWN.match(year)) if len(year) == 4 else int(year) >= _SURELY_PAST


def whole_date(start: int, end: int, tokens: list[Token]) -> tuple[int, int]:
    """A stretch of a date with the days, months and years beside it, however they are joined to it: "march and the
    third nineteen eighty". Offsets in the source."""
    before = [token for token in tokens if token.end <= start]
    after = [token for token in tokens if token.start >= end]
    first, last = _farthest(before[::-1], _DAY_OR_MONTH), _farthest(after, _MONTH_OR_YEAR)
    return first.start if first else start, last.end if last else end


def _farthest(tokens: list[Token], belongs: re.Pattern[str]) -> Token | None:
    """The last that belongs to a date before anything else is said, with at most two joining words between."""
    farthest, joining = None, 0
    for token in tokens:
        if belongs.fullmatch(token.text):
            farthest, joining = token, 0
        elif token.text not in _JOINING or (joining := joining + 1) > _MOST_JOINING:
            break
    return farthest


def date_words(tokens: list[Token]) -> list[Token]:
    """Every word that a date may be made of, however garbled: what is left of "1st 7 1944" or "18th"."""
    return [token for token in tokens if _DATE_WORD.match(token.text)]
