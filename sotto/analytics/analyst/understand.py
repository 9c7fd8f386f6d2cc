"""A question becomes a form, or is refused with what can be asked. Nothing is computed here, and nothing is guessed at
that the form does not show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp

from sotto.analytics.analyst.find_metric import Lexicon, Match, Meaning, find_metric
from sotto.analytics.analyst.periods import dated, default_period
from sotto.analytics.analyst.slots import Slots, slots_of
from sotto.analytics.definition.metric import TIMES, Catalogue, Metric
from sotto.analytics.query.form import MOST_DIMENSIONS, MOST_ROWS, Compare, Form, Period

LONGEST_QUESTION = 300
SERIES_BY_DAY = 31
"""A trend over more days is shown by week."""
Values = Mapping[str, Sequence[str]]
"""What there is of each dimension by which filters are understood: teams, agents, queues, dispositions."""

_PATTERNS = {
    "sql": r"\b(select|insert|update|union|alter)\b.*\b(from|table|into|all|where)\b|--|\bdrop table\b",
    "future": r"\b(predict|forecast|will|expect\w*|going to|next (week|month|quarter|year|day)|tomorrow)\b",
    "words": r"\b(transcript|recording|what did .* say|quote|read me|play|listen)\b",
    "change": r"^(please )?(delete|remove|erase|change|set|write|send|create|schedule|fire|hire|assign)\b"
    r"|\bshould i (fire|hire)\b",
    "person": r"\bwhich (customers?|callers?)\b"
    r"|\b(phone number|address of|e-?mail address|birthday|account number|ssn|card number)\b",
    "why": r"^(but )?why\b",
    "now": r"\b(right now|at the moment|currently (calling|waiting|talking))\b",
}
_REASONS = {reason: re.compile(pattern) for reason, pattern in _PATTERNS.items()}
REASONS: Mapping[str, str] = {
    "sql": "SQL is not taken here; ask in words",
    "future": "figures are about the past; nothing here predicts",
    "words": "figures hold no words of calls; search them with 'sotto search'",
    "change": "this answers questions and changes nothing",
    "person": "figures know nothing of single customers",
    "why": "figures say how much, not why; ask for one by disposition, queue or agent",
    "now": "figures are about what is over; live calls are on the supervisor's screen",
    "not measured": "nothing here measures that",
    "unknown": "no metric fits",
    "long": f"a question has at most {LONGEST_QUESTION} characters",
    "empty": "ask for a figure",
    "dimension": "that metric is not known by this dimension",
}


@dataclass(frozen=True, slots=True)
class Understood:
    form: Form
    metric: Metric


@dataclass(frozen=True, slots=True)
class Refused:
    """``reason``: a key of REASONS. ``ask``: questions that can be asked instead."""

    reason: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analyst:
    catalogue: Catalogue
    lexicon: Lexicon
    meaning: Meaning

    def understand(
        self, question: str, *, today: date, values: Values, before: Form | None = None
    ) -> Understood | Refused:
        """``before``: the form of the question that this one may follow: "and by team?"."""
        text = " ".join(question.casefold().replace("?", " ").split())
        if (reason := self._refusal(text)) is not None:
            return self._refused(reason, text)
        when = dated(text, today)
        slots = slots_of(when.rest, values)
        match = find_metric(slots.rest, self.lexicon, self.catalogue, self.meaning)
        if match is None:
            follows = before is not None and (slots.dimensions or slots.filters or when.period or slots.trend)
            if before is None or not (follows or when.compare is not Compare.NOTHING):
                return self._refused("unknown", text)
            match = Match(self.catalogue.metric(before.metric))
            return self._checked(_followed(before, slots, when.period, when.compare, match), match.metric, text)
        period = when.period or default_period(today)
        form = Form(match.metric.name, period, (), slots.filters, when.compare)
        return self._checked(_with_slots(form, slots, match), match.metric, text)

    def _checked(self, form: Form, metric: Metric, text: str) -> Understood | Refused:
        known = metric.dimensions
        if any(each not in known for each in (*form.dimensions, *(one.dimension for one in form.filters))):
            return self._refused("dimension", text)
        return Understood(form, metric)

    def _refusal(self, text: str) -> str | None:
        if not text:
            return "empty"
        if len(text) > LONGEST_QUESTION:
            return "long"
        for reason, pattern in _REASONS.items():
            if pattern.search(text):
                return reason
        if any(re.search(rf"\b{re.escape(each)}\w*\b", text) for each in self.lexicon.not_measured):
            return "not measured"
        return None

    def _refused(self, reason: str, text: str) -> Refused:
        """With the metrics nearest to what was asked, else with some that everybody knows."""
        likeness = self.meaning.likeness(text, self.lexicon.texts)
        near = sorted(likeness, key=lambda name: -likeness[name])[:3]
        names = near or [name for name in _WELL_KNOWN if name in self.catalogue.metrics]
        return Refused(reason, tuple(f"{self.catalogue.metrics[name].title} by team" for name in names))


_WELL_KNOWN = ("average_handle_time", "first_contact_resolution", "adoption_rate")


def _with_slots(form: Form, slots: Slots, match: Match) -> Form:
    metric = match.metric
    named = [name for name in slots.dimensions if name in metric.dimensions or not _is_named(name, match)]
    if slots.trend and not any(name in TIMES for name in named):
        named.append("day" if form.period.days <= SERIES_BY_DAY else "week")
    if not named and slots.ranked is not None and slots.asks_what and metric.own_dimensions:
        named.append(metric.own_dimensions[-1])  # "what is missed most"
    if not named and metric.expression.find(exp.Window) and metric.own_dimensions:
        named.append(metric.own_dimensions[0])  # a share of all groups needs groups
    return replace(
        form,
        dimensions=tuple(named[:MOST_DIMENSIONS]),
        highest=_highest(slots, match) if named else None,
        limit=slots.limit or MOST_ROWS,
    )


def _is_named(dimension: str, match: Match) -> bool:
    """Whether the word belongs to the metric's own phrase: "which actions are ignored" is by action, "cost per
    conversation" is not by anything."""
    return dimension in match.matched


def _highest(slots: Slots, match: Match) -> bool | None:
    """ "Longest" in "longest hold" says which metric, not in which order."""
    if slots.ranked is None:
        return None
    high_is_good = match.metric.good != "low"
    if slots.ranked == "best":
        return high_is_good
    if slots.ranked == "worst":
        return not high_is_good
    if slots.ranked is True and "longest" in match.matched:
        return None
    return bool(slots.ranked)


def _followed(before: Form, slots: Slots, period: Period | None, compare: Compare, match: Match) -> Form:
    form = replace(before, period=period or before.period)
    for each in slots.filters:
        form = form.with_filter(each)
    if compare is not Compare.NOTHING:
        form = replace(form, compare=compare)
    if slots.dimensions or slots.trend:
        form = _with_slots(form, slots, match)
    return form
