"""When something is promised for: the words, and the day that they mean on the day they are spoken. English, German."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
)
_WEEKDAY = {name: number for names in _DAYS for number, name in enumerate(names.split())}
_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
)
_MONTH = {name: number for names in _MONTHS for number, name in enumerate(names.split(), 1)}
_COUNTS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
    "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn",
)
_COUNT = {name: number for names in _COUNTS for number, name in enumerate(names.split(), 1)} | {
    "a": 1, "an": 1, "einem": 1, "einer": 1, "eine": 1, "couple of": 2,
}  # fmt: skip
_NUMBER = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_COUNT, key=len, reverse=True))})"
_SOON = re.compile(
    r"\b(?P<word>today|tonight|this (?:afternoon|evening)|heute|day after tomorrow|übermorgen|tomorrow|morgen)\b", re.I
)
_WITHIN = re.compile(
    rf"\b(?:within|in|after|for|innerhalb von|binnen|nach)\s+(?:the next |about |etwa |a )?{_NUMBER}\s+"
    r"(?P<work>business |working |werk)?(?P<unit>hours?|days?|weeks?|months?|stunden?|tage?n?|wochen?|monate?n?)\b",
    re.I,
)
_ON_WEEKDAY = re.compile(rf"\b(?:(?:on|by|until|next|this|am|bis|nächsten?)\s+)+(?P<day>{'|'.join(_WEEKDAY)})\b", re.I)
_END = re.compile(
    r"\b(?:by |at |until )?(?:the )?end of (?:the |this )?(?P<what>day|week|month)\b"
    r"|\bende (?:der|des) (?P<was>woche|monats)\b",
    re.I,
)
_DATE = re.compile(
    rf"\b(?:(?P<month>{'|'.join(_MONTH)})\s+(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?:the )?(?P<day2>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of )?(?P<month2>{'|'.join(_MONTH)}))\b",
    re.I,
)
_FAR = {"day after tomorrow": 2, "übermorgen": 2, "tomorrow": 1, "morgen": 1}


def due(text: str, spoken_on: date | None) -> str:
    """ISO 8601 of the first day that ``text`` names; empty where it names none, and where nobody knows the day on which
    it was spoken. Weekdays and dates are the next ones to come."""
    if spoken_on is None:
        return ""
    found = (
        _soon(text, spoken_on),
        _within(text, spoken_on),
        _weekday(text, spoken_on),
        _end(text, spoken_on),
        _date(text, spoken_on),
    )
    return next((each.isoformat() for each in found if each is not None), "")


def _soon(text: str, today: date) -> date | None:
    found = _SOON.search(text)
    return today + timedelta(_FAR.get(found["word"].lower(), 0)) if found else None


def _within(text: str, today: date) -> date | None:
    found = _WITHIN.search(text)
    if found is None:
        return None
    count = int(found["count"]) if found["count"].isdigit() else _COUNT[found["count"].lower()]
    unit = found["unit"].lower()
    if unit.startswith(("hour", "stunde")):
        return today + timedelta(days=count // 24)
    if unit.startswith(("week", "woche")):
        return today + timedelta(weeks=count)
    if unit.startswith(("month", "monat")):
        return today + timedelta(days=30 * count)
    return _working_days(today, count) if found["work"] else today + timedelta(days=count)


def _working_days(today: date, count: int) -> date:
    while count > 0:
        today += timedelta(days=1)
        count -= today.weekday() < 5
    return today


def _weekday(text: str, today: date) -> date | None:
    found = _ON_WEEKDAY.search(text)
    if found is None:
        return None
    ahead = (_WEEKDAY[found["day"].lower()] - today.weekday()) % 7
    return today + timedelta(days=ahead or 7)


def _end(text: str, today: date) -> date | None:
    found = _END.search(text)
    if found is None:
        return None
    what = (found["what"] or found["was"]).lower()
    if what == "day":
        return today
    if what in ("week", "woche"):
        return today + timedelta(days=(4 - today.weekday()) % 7)
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _date(text: str, today: date) -> date | None:
    found = _DATE.search(text)
    if found is None:
        return None
    month, day = _MONTH[(found["month"] or found["month2"]).lower()], int(found["day"] or found["day2"])
    for year in (today.year, today.year + 1):
        try:
            meant = date(year, month, day)
        except ValueError:
            return None
        if meant >= today:
            return meant
    return None
