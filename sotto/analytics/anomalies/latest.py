"""What has been out of the ordinary of late: counts by queue, team and disposition, hour by hour, beside the weeks
before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sotto.analytics.anomalies.find import WINDOWS_H, Anomaly, Watch
from sotto.analytics.anomalies.series import FEWEST_WEEKS, MOST_WEEKS, WEEK_H, Series
from sotto.analytics.definition.metric import Metric
from sotto.analytics.query.answer import QueryPorts
from sotto.analytics.query.compile import by_hour
from sotto.analytics.query.form import Filter, Form, Period

DIMENSIONS = ("queue", "team", "disposition")
LOOKED_BACK_H = 24
WRITTEN_WITHIN_H = 1
"""Until then an hour's last conversations may be neither over nor written: it would look quiet."""
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Found:
    """``until_ms``: the end of the window, Unix epoch."""

    dimension: str
    value: str
    until_ms: int
    hours: int
    count: int
    usual: float


@dataclass(frozen=True, slots=True)
class Latest:
    """``looked_at``: how many series. ``weeks``: how many are known before; of fewer than FEWEST_WEEKS
    nothing can be said."""

    found: tuple[Found, ...]
    looked_at: int
    weeks: int

    @property
    def can_tell(self) -> bool:
        return self.weeks >= FEWEST_WEEKS


def latest(tenant: str, metric: Metric, scope: tuple[Filter, ...], ports: QueryPorts, *, now_ms: float) -> Latest:
    """Of the last day, what was found when its window ended. ``metric`` counts. Raises Retryable."""
    last_hour = int(now_ms // HOUR_MS) - WRITTEN_WITHIN_H
    first_day = datetime.fromtimestamp(last_hour * 3600, UTC).date() - timedelta(7 * MOST_WEEKS + 3)
    period = Period(first_day.isoformat(), datetime.fromtimestamp(last_hour * 3600, UTC).date().isoformat())
    facts = ports.facts.files(tenant, metric.fact, period.each_day())
    if not facts.files:
        return Latest((), 0, 0)
    form = Form(metric.name, period, filters=scope)
    counts: dict[tuple[str, str], dict[int, int]] = {}
    for dimension in DIMENSIONS:
        rows = ports.database.rows(by_hour(form, metric, dimension), metric.fact, facts.files)
        for value, day, hour, count in rows:
            if value is not None and count is not None:
                at = _hour(str(day), int(str(hour)))
                counts.setdefault((dimension, str(value)), {})[at] = int(float(str(count)))
    if not counts:
        return Latest((), 0, 0)
    begin = min(min(hours) for hours in counts.values())
    return _watched(counts, begin, last_hour)


def _watched(counts: Mapping[tuple[str, str], Mapping[int, int]], begin: int, last_hour: int) -> Latest:
    names = {f"{dimension}={value}": (dimension, value) for dimension, value in counts}
    series = [
        Series(f"{dimension}={value}", [hours.get(at, 0) for at in range(begin, last_hour)])
        for (dimension, value), hours in sorted(counts.items())
    ]
    length = last_hour - begin
    watch = Watch(series)
    found = [
        _found(names[each.name], each, begin)
        for end in range(max(max(WINDOWS_H), length - LOOKED_BACK_H + 1), length + 1)
        for each in watch.look(end)
    ]
    return Latest(tuple(reversed(found)), len(series), min(MOST_WEEKS, (length - max(WINDOWS_H)) // WEEK_H))


def _found(name: tuple[str, str], anomaly: Anomaly, begin: int) -> Found:
    return Found(*name, (begin + anomaly.end) * HOUR_MS, anomaly.hours, anomaly.count, anomaly.usual)


def _hour(day: str, hour: int) -> int:
    """Of the Unix epoch."""
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * 24 + hour
