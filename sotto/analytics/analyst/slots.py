"""Dimensions, filters and the order that a question names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sotto.analytics.query.form import Filter

_WORDS: Mapping[str, str] = {
    "day": "day", "days": "day", "date": "day", "daily": "day", "week": "week", "weeks": "week", "weekly": "week",
    "month": "month", "months": "month", "monthly": "month", "hour": "hour", "hours": "hour", "hourly": "hour",
    "weekday": "weekday", "weekdays": "weekday", "team": "team", "teams": "team", "agent": "agent", "agents": "agent",
    "person": "agent", "queue": "queue", "queues": "queue", "language": "language", "languages": "language",
    "channel": "channel", "channels": "channel", "disposition": "disposition", "dispositions": "disposition",
    "action": "action", "actions": "action", "card": "action", "cards": "action", "suggestion": "action",
    "moment": "moment", "moments": "moment", "severity": "severity", "checklist": "checklist",
    "checklists": "checklist", "item": "item", "items": "item", "form": "form", "forms": "form", "scorecard": "form",
    "question": "question", "questions": "question", "step": "step", "steps": "step", "speaker": "speaker",
}  # fmt: skip
_ONE = r"(?:checklist items?|day of the week|hour of the day|[a-z]+)"
_BY = re.compile(rf"\b(?:by|per|for each|for every|each|every|across|split by|broken down by) ({_ONE})")
_AND = re.compile(rf"(?:,? (?:and |by |per )+|, )({_ONE})")
_WHICH = re.compile(rf"\b(?:which|what) ({_ONE})\b")
_MOST = re.compile(rf"\b(?:busiest|most common|most frequent|most detected|commonest) ({_ONE})")
_RANKED = re.compile(rf"\b(top|bottom|best|worst|weakest|strongest) (\d{{1,3}}) ({_ONE})")
_WHEN = re.compile(r"^(?:and )?when\b.*\b(?:most|busiest|highest|least|lowest|worst|best)\b")
_COMPARED = re.compile(
    r"\b(?:compare|of|between|among) (?:all |our |my |the )?(?:\w+ )?(teams|agents|queues|channels|languages)\b"
)
_SERIES = (
    (re.compile(r"\b(?:daily|day by day|a day)\b"), "day"),
    (re.compile(r"\b(?:weekly|week by week)\b"), "week"),
    (re.compile(r"\b(?:monthly|month by month)\b"), "month"),
    (re.compile(r"\b(?:hourly|hour by hour)\b"), "hour"),
)
_TREND = re.compile(r"\b(?:trend|over time|develop\w*|timeline)\b")
_HIGHEST = re.compile(r"\b(?:most|highest|longest|busiest|largest|biggest|slowest|top|most often)\b")
_LOWEST = re.compile(r"\b(?:least|lowest|fewest|shortest|fastest|quickest|smallest|bottom)\b")
_BEST, _WORST = re.compile(r"\b(?:best|strongest)\b"), re.compile(r"\b(?:worst|weakest)\b")
_WITHOUT = r"(?:without|outside|except|excluding|apart from|other than|but not|not in|not from)"
_OF = r"(?:in|for|of|with|from|by|at|on|does|did|has|have|is|are|do|only|just|about)"
_CHANNELS = {"chat": "chat", "chats": "chat", "phone": "voice", "telephone": "voice", "voice": "voice"}
_LANGUAGES = {"english": "en", "german": "de", "spanish": "es", "french": "fr", "italian": "it"}
_FREE = ("agent",)
"""Dimensions whose values are names, which mean nothing else."""


@dataclass(frozen=True, slots=True)
class Slots:
    """``trend``: figures over time are wanted, by no particular step. ``ranked``: highest first (True), lowest first,
    "best", "worst" or None. ``rest``: the question without what was understood."""

    dimensions: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    trend: bool = False
    ranked: bool | str | None = None
    limit: int | None = None
    asks_what: bool = False
    rest: str = ""


@dataclass(slots=True)
class _Reading:
    rest: str
    dimensions: list[str] = field(default_factory=list)

    def add(self, word: str | None) -> bool:
        name = _dimension(word)
        if name is not None and name not in self.dimensions:
            self.dimensions.append(name)
        return name is not None


def slots_of(question: str, values: Mapping[str, Sequence[str]]) -> Slots:
    """``question`` in lower case, without its period; ``values``: what there is of each dimension."""
    filters, rest = _filters(question, values)
    reading = _Reading(rest)
    limit = _ranked_by_number(reading)
    for pattern, name in _SERIES:
        if pattern.search(reading.rest):
            reading.add(name)
            reading.rest = pattern.sub(" ", reading.rest)
    _listed(reading)
    for pattern in (_WHICH, _MOST):
        for found in pattern.finditer(reading.rest):
            reading.add(found[1])
    if _WHEN.search(reading.rest):
        reading.add("hour")
    if compared := _COMPARED.search(reading.rest):
        reading.add(compared[1])
    if re.match(r"(?:and )?who(?:se)?\b", reading.rest.strip()) and "agent" not in reading.dimensions:
        reading.add("agent")
    filtered = {each.dimension for each in filters if not each.without and len(each.values) == 1}
    return Slots(
        dimensions=tuple(name for name in reading.dimensions if name not in filtered),
        filters=tuple(filters),
        trend=bool(_TREND.search(reading.rest)),
        ranked=_order(question),
        limit=limit,
        asks_what=question.startswith("what "),
        rest=reading.rest,
    )


def _listed(reading: _Reading) -> None:
    """As in "by team and week". What is no dimension, as in "cost per conversation", ends a list and stays."""
    at = 0
    while found := _BY.search(reading.rest, at):
        at, end = found.end(), found.start()
        one: re.Match[str] | None = found
        while one is not None and reading.add(one[1]):
            end = one.end()
            one = _AND.match(reading.rest, end)
        if end > found.start():
            blank = " " * (end - found.start())
            reading.rest, at = reading.rest[: found.start()] + blank + reading.rest[end:], end


def _dimension(word: str | None) -> str | None:
    if word is None:
        return None
    last = {"day of the week": "weekday", "hour of the day": "hour", "checklist item": "item"}.get(
        word.removesuffix("s") if " " in word else word, word
    )
    return _WORDS.get(last)


def _ranked_by_number(reading: _Reading) -> int | None:
    found = _RANKED.search(reading.rest)
    if found is None or not reading.add(found[3]):
        return None
    return max(1, int(found[2]))


def _order(question: str) -> bool | str | None:
    for pattern, order in ((_BEST, "best"), (_WORST, "worst"), (_LOWEST, False), (_HIGHEST, True)):
        if pattern.search(question):
            return order
    return None


def _filters(question: str, values: Mapping[str, Sequence[str]]) -> tuple[list[Filter], str]:
    found: dict[tuple[str, bool], list[str]] = {}
    rest = question
    for dimension, known in values.items():
        for value in sorted(known, key=len, reverse=True):
            place = _place(rest, dimension, value)
            if place is not None:
                rest = f"{rest[: place.start()]} {rest[place.end() :]}"
                found.setdefault((dimension, place["no"] is not None), []).append(value)
    for dimension, words in (("channel", _CHANNELS), ("language", _LANGUAGES)):
        for word, value in words.items():
            place = re.search(rf"\b(?:(?P<no>{_WITHOUT}) (?:the )?)?(?:in )?{word}\b", rest)
            if place is not None and (dimension, False) not in found and (dimension, True) not in found:
                # What is left still says that conversations are meant.
                noun = " calls " if word in ("chat", "chats") else " "
                rest = f"{rest[: place.start()]}{noun}{rest[place.end() :]}"
                found[dimension, place["no"] is not None] = [value]
    in_order = [Filter(name, tuple(_in_question(question, of)), without) for (name, without), of in found.items()]
    return in_order, rest


def _in_question(question: str, found: Sequence[str]) -> list[str]:
    return sorted(found, key=lambda value: question.find(_spoken(value)))


def _spoken(value: str) -> str:
    return value.casefold().replace("_", " ")


def _place(question: str, dimension: str, value: str) -> re.Match[str] | None:
    """Where the value is named: beside its dimension's word, or after a word such as "in". A name alone is enough of a
    person; other values are ordinary words ("cards", "service")."""
    said = re.escape(_spoken(value)).replace("\\ ", "[ _-]")
    word = rf"{dimension}s?"
    forms = [
        rf"(?:(?P<no>{_WITHOUT}) )?(?:the )?\b{said}(?: and (?:the )?\w+)? {word}\b",
        rf"(?:(?P<no>{_WITHOUT}) )?(?:the )?\b{word} {said}\b",
    ]
    if dimension in _FREE:
        forms.append(rf"(?:(?P<no>{_WITHOUT}) )?\b{said}(?:'s)?\b")
    elif dimension in ("team", "queue", "disposition"):
        forms.append(rf"\b(?:(?P<no>{_WITHOUT})|{_OF}) (?:the )?{said}\b(?! (?:per|shown|by))")
    for form in forms:
        if found := re.search(form, question):
            return found
    return None
