"""Periods that a question names, and what it compares them with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sotto.analytics.query.form import Compare, Period

DEFAULT_DAYS = 30
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 364}
_NUMBER = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "fourteen": 14, "thirty": 30}
_THAN = r"(?:compared? (?:to|with)|in comparison (?:to|with)|versus|vs\.?|against|than|relative to)"
_YEAR = re.compile(rf"{_THAN} (?:(?:the )?(?:last|previous|prior) year|a year (?:ago|before|earlier)|the year before)")
_PREVIOUS = re.compile(
    rf"{_THAN} (?:the )?(?:(?:(?:one|period|day|week|month|quarter) (?:before|earlier))|"
    r"(?:previous|prior|last|preceding) (?:period|day|week|month|quarter)|before|yesterday)"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """``period``: None where the question names none. ``rest``: the question without what was understood."""

    period: Period | None
    compare: Compare
    rest: str


def dated(question: str, today: date) -> Dated:
    """``question`` in lower case."""
    compare, rest = Compare.NOTHING, question
    for pattern, kind in ((_YEAR, Compare.YEAR), (_PREVIOUS, Compare.PREVIOUS)):
        if found := pattern.search(rest):
            compare, rest = kind, _without(rest, found)
            break
    for written, read in _RULES:
        if (found := re.search(rf"(?:\b(?:for|in|on|over|of|during|within|from|the) )*\b{written}\b", rest)) and (
            period := read(found, today)
        ):
            return Dated(period, compare, _without(rest, found))
    return Dated(None, compare, rest)


def default_period(today: date) -> Period:
    return _last(DEFAULT_DAYS, today)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _period(first: date, last: date) -> Period:
    return Period(first.isoformat(), last.isoformat())


def _last(days: int, today: date) -> Period:
    return _period(today - timedelta(days - 1), today)


def _day(before: int) -> Callable[[re.Match[str], date], Period]:
    return lambda found, today: _period(today - timedelta(before), today - timedelta(before))


def _some(found: re.Match[str], today: date) -> Period:
    number = found["number"]
    return _last(max(1, min(800, int(_NUMBER.get(number, 0) or number) * _UNITS[found["unit"]])), today)


def _this(found: re.Match[str], today: date) -> Period:
    return _period(_begin(found["unit"], today), today)


def _before(found: re.Match[str], today: date) -> Period:
    end = _begin(found["unit"], today) - timedelta(1)
    return _period(_begin(found["unit"], end), end)


def _begin(unit: str, at: date) -> date:
    match unit:
        case "week":
            return at - timedelta(at.weekday())
        case "month":
            return at.replace(day=1)
        case "quarter":
            return at.replace(month=(at.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return at.replace(month=1, day=1)
        case _:
            return at


def _month(found: re.Match[str], today: date) -> Period:
    """The latest one of that name that has begun, or of the year that is named."""
    month = _MONTHS.index(found["month"]) + 1
    year = int(found["year"]) if found["year"] else today.year - (month > today.month)
    first = date(year, month, 1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    return _period(first, min(last, today) if first <= today else last)


def _since(found: re.Match[str], today: date) -> Period | None:
    first = _one_day(found, today)
    return _period(first, today) if first is not None and first <= today else None


def _on(found: re.Match[str], today: date) -> Period | None:
    day = _one_day(found, today)
    return _period(day, day) if day is not None else None


def _one_day(found: re.Match[str], today: date) -> date | None:
    groups = found.groupdict()
    if groups.get("weekday"):
        back = (today.weekday() - _WEEKDAYS.index(groups["weekday"])) % 7
        return today - timedelta(back or 7)
    try:
        if groups.get("iso"):
            return date.fromisoformat(groups["iso"])
        month = _MONTHS.index(groups["month"]) + 1
        year = int(groups["year"]) if groups.get("year") else today.year
        day = date(year, month, int(groups.get("day") or 1))
        return day if groups.get("year") or day <= today else day.replace(year=year - 1)
    except (ValueError, TypeError):
        return None


_M = "|".join(_MONTHS)
_W = "|".join(_WEEKDAYS)
_AT = [
    r"(?P<iso>\d{4}-\d{2}-\d{2})",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_M})(?: (?P<year>\d{{4}}))?",
    rf"(?P<month>{_M}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?",
    rf"(?P<weekday>{_W})",
]
_RULES: tuple[tuple[str, Callable[[re.Match[str], date], Period | None]], ...] = (
    (r"today", _day(0)),
    (r"yesterday", _day(1)),
    (
        rf"(?:last|past|previous) (?P<number>\d{{1,3}}|{'|'.join(_NUMBER)}) (?P<unit>day|week|month|quarter|year)s?",
        _some,
    ),
    (r"(?:this|current) (?P<unit>week|month|quarter|year)", _this),
    (r"(?:last|previous|past) (?P<unit>week|month|quarter|year)", _before),
    *((rf"since (?:the )?(?:last )?{at}", _since) for at in (*_AT, rf"(?P<month>{_M})(?: (?P<year>\d{{4}}))?")),
    *((rf"(?:last )?{at}", _on) for at in _AT),
    (rf"(?P<month>{_M})(?: (?P<year>\d{{4}}))?", _month),
)
