"""Figures as rules of alerts look at them: neither subject knows the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from sotto.alerts.alert import Reading
from sotto.alerts.rule import Kind, Rule
from sotto.analytics.anomalies.latest import Found, latest
from sotto.analytics.definition.metric import Catalogue
from sotto.analytics.drift.latest import Drift, drift_by, latest_drift
from sotto.analytics.query.answer import Figure, QueryPorts, answer
from sotto.analytics.query.form import Compare, Filter, Form, Period

COUNTED = "conversations"
HOUR_MS = 3_600_000


class FigureReadings:
    """Readings. A CHANGE is of days that are over, beside as many before: half a day beside whole ones would always
    have fallen."""

    def __init__(self, catalogue: Callable[[str], Catalogue], query: QueryPorts) -> None:
        self._catalogue = catalogue
        self._query = query

    def of(self, rule: Rule, now_ms: int) -> Sequence[Reading]:
        if rule.kind is Kind.ANOMALY:
            return self._anomalies(rule, now_ms)
        if rule.kind is Kind.DRIFT:
            return self._drift(rule, now_ms)
        form = form_of(rule, now_ms)
        found = answer(rule.tenant, form, self._catalogue(rule.tenant), self._query)
        figures = found.figures if rule.by else (found.total,)
        return [
            _reading(rule, form, each, each.key[0] or "" if rule.by else "")
            for each in figures
            if not rule.by or each.key[0]
        ]

    def _anomalies(self, rule: Rule, now_ms: int) -> list[Reading]:
        metric = self._catalogue(rule.tenant).metric(COUNTED)
        found = latest(rule.tenant, metric, _filters(rule), self._query, now_ms=now_ms)
        wanted = [each for each in found.found if not rule.by or each.dimension == rule.by]
        # The latest of each series first.
        return list({(each.dimension, each.value): _unusual(each) for each in reversed(wanted)}.values())

    def _drift(self, rule: Rule, now_ms: int) -> list[Reading]:
        filters, last = _filters(rule), _day(now_ms)
        if not rule.by:
            return list(_unlike(latest_drift(rule.tenant, filters, self._query, last_day=last, days=rule.days), ""))
        by = drift_by(rule.tenant, rule.by, filters, self._query, last_day=last, days=rule.days)
        return [each for name, found in by.items() for each in _unlike(found, name, rule.by)]


def form_of(rule: Rule, now_ms: int) -> Form:
    last = _day(now_ms)
    period = Period(last, last).moved(-1 if rule.kind is Kind.CHANGE else 0)
    period = Period(period.moved(1 - rule.days).first, period.last)
    compare = Compare.PREVIOUS if rule.kind is Kind.CHANGE else Compare.NOTHING
    return Form(rule.metric, period, (rule.by,) if rule.by else (), _filters(rule), compare)


def _reading(rule: Rule, form: Form, figure: Figure, name: str) -> Reading:
    value = figure.value if figure.value is not None else 0.0
    days = (form.period.first, form.period.last)
    return Reading(_holds(rule, figure), value, figure.counted, *days, rule.by, name, figure.before)


def _holds(rule: Rule, figure: Figure) -> bool | None:
    if figure.value is None or figure.counted < rule.at_least:
        return None
    if rule.kind is Kind.THRESHOLD:
        return figure.value > rule.level if rule.above else figure.value < rule.level
    if not figure.before:
        return None  # there is nothing that it could have changed against
    change = 100 * (figure.value - figure.before) / abs(figure.before)
    return change >= rule.level if rule.above else change <= -rule.level


def _unusual(found: Found) -> Reading:
    begins_ms = found.until_ms - found.hours * HOUR_MS
    days = (_day(begins_ms), _day(found.until_ms - 1))
    return Reading(True, float(found.count), found.count, *days, found.dimension, found.value, round(found.usual, 1))


def _unlike(found: Drift, name: str, dimension: str = "") -> Iterator[Reading]:
    """Nothing where there are no calls to look at."""
    if found.now is not None and found.before is not None:
        days = (found.now.first, found.now.last)
        accuracies = (round(found.now.accuracy, 3), found.now.calls)
        yield Reading(found.is_alarm, *accuracies, *days, dimension, name, round(found.before.accuracy, 3))


def _filters(rule: Rule) -> tuple[Filter, ...]:
    return tuple(Filter(each.dimension, each.values) for each in rule.filters)


def _day(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()
