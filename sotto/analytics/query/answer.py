"""What a form is answered with: figures by dimension, the conversations behind them, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sotto.analytics.definition.metric import TIMES, Catalogue, Metric
from sotto.analytics.query.compile import MOST_BEHIND, behind, figures
from sotto.analytics.query.form import Form, Period

Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a fact. ``missing``: days that were written and whose file is not there; ``behind``: days of which
    more is known than is written."""

    files: tuple[Path, ...]
    missing: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


class FactReader(Protocol):
    def files(self, tenant: str, fact: str, days: Sequence[str]) -> Found:
        """Raises Retryable."""
        ...


class Database(Protocol):
    def rows(self, sql: str, fact: str, files: Sequence[Path]) -> list[tuple[object, ...]]:
        """``sql`` reads from a table named ``fact``, which these files are. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class QueryPorts:
    facts: FactReader
    database: Database


@dataclass(frozen=True, slots=True)
class Figure:
    """``key``: a value for each dimension of the form; ``value`` None: nothing to reckon from. ``counted``: rows it
    rests on. ``before``: of the period that it is compared with, None where there is none."""

    key: Key
    value: float | None
    counted: int
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``total``: over all rows, whatever the dimensions. ``missing``, ``behind``: as ``Found``; a figure over days that
    are missing says so. ``synthetic``: made-up rows are among those counted. ``doubled``: conversations that are filed
    under two days while one of them is written anew."""

    form: Form
    metric: Metric
    total: Figure
    figures: tuple[Figure, ...]
    missing: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    synthetic: bool = False
    doubled: int = 0


def answer(tenant: str, form: Form, catalogue: Catalogue, ports: QueryPorts) -> Answer:
    """Raises UnknownMetric, BadForm and Retryable."""
    metric = catalogue.metric(form.metric)
    form.checked(metric)
    found = _files(tenant, metric, form.period, ports)
    total, rows = _figures(form, metric, found, ports)
    missing, before_is_synthetic = found.missing, False
    before = form.period.before(form.compare)
    if before is not None:
        earlier = _files(tenant, metric, before, ports)
        missing = (*earlier.missing, *missing)
        total_before, rows_before = _figures(replace(form, period=before, highest=None), metric, earlier, ports)
        total = replace(total, before=total_before.value)
        rows = _beside(rows, rows_before, form)
        before_is_synthetic, _ = _look(metric, form, earlier, ports)
    synthetic, doubled = _look(metric, form, found, ports)
    return Answer(form, metric, total, tuple(rows), missing, found.behind, synthetic or before_is_synthetic, doubled)


@dataclass(frozen=True, slots=True)
class Behind:
    """A conversation that a figure rests on. ``latest_ms``: when the last of its rows began, Unix epoch."""

    conversation: str
    latest_ms: int
    agent: str | None
    queue: str | None
    synthetic: bool


def conversations_behind(
    tenant: str,
    form: Form,
    catalogue: Catalogue,
    ports: QueryPorts,
    *,
    limit: int = 50,
    after: tuple[int, str] | None = None,
) -> list[Behind]:
    """At most MOST_BEHIND conversations, the latest first. ``after``: ``latest_ms`` and id of the last one known.
    Raises UnknownMetric, BadForm and Retryable."""
    metric = catalogue.metric(form.metric)
    form.checked(metric)
    found = _files(tenant, metric, form.period, ports)
    if not found.files:
        return []
    sql = behind(form, metric, max(1, min(limit, MOST_BEHIND)), after=after)
    return [_behind(row) for row in ports.database.rows(sql, metric.fact, found.files)]


def _behind(row: Sequence[object]) -> Behind:
    conversation, latest_ms, agent, queue, synthetic = row
    return Behind(str(conversation), int(str(latest_ms)), _text(agent), _text(queue), bool(synthetic))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _files(tenant: str, metric: Metric, period: Period, ports: QueryPorts) -> Found:
    looked_at = period.and_after(metric.days_after) if metric.days_after else period
    return ports.facts.files(tenant, metric.fact, looked_at.each_day())


def _figures(form: Form, metric: Metric, found: Found, ports: QueryPorts) -> tuple[Figure, list[Figure]]:
    if not found.files:
        return Figure((), None, 0), []
    whole = replace(form, dimensions=(), highest=None)
    (total,) = _run(whole, metric, found, ports)
    return total, _run(form, metric, found, ports) if form.dimensions else []


def _run(form: Form, metric: Metric, found: Found, ports: QueryPorts) -> list[Figure]:
    rows = ports.database.rows(figures(form, metric), metric.fact, found.files)
    return [_figure(row, len(form.dimensions)) for row in rows]


def _figure(row: Sequence[object], dimensions: int) -> Figure:
    key = tuple(_text(each) for each in row[:dimensions])
    value, counted = row[dimensions : dimensions + 2]
    return Figure(key, None if value is None else float(str(value)), int(str(counted)))


def _beside(rows: Sequence[Figure], before: Sequence[Figure], form: Form) -> list[Figure]:
    """Times of two periods differ: the first bucket is compared with the first one, and so on."""
    places = [_places(each, form) for each in (rows, before)]
    known: Mapping[Key, float | None] = {_key(each, form, places[1]): each.value for each in before}
    return [replace(each, before=known.get(_key(each, form, places[0]))) for each in rows]


def _places(rows: Sequence[Figure], form: Form) -> dict[int, dict[str | None, str]]:
    """Of each dimension that is a time: its values, by their place in order."""
    times = [at for at, name in enumerate(form.dimensions) if name in TIMES]
    return {
        at: {value: str(place) for place, value in enumerate(sorted({row.key[at] for row in rows}, key=str))}
        for at in times
    }


def _key(row: Figure, form: Form, places: Mapping[int, Mapping[str | None, str]]) -> Key:
    return tuple(places[at][value] if at in places else value for at, value in enumerate(row.key))


def _look(metric: Metric, form: Form, found: Found, ports: QueryPorts) -> tuple[bool, int]:
    """Whether anything is made up, and how many conversations are there twice."""
    if not found.files:
        return False, 0
    twice = "count(*) - count(DISTINCT conversation)" if metric.fact == "conversation" else "0"
    sql = f"SELECT max(CASE WHEN synthetic THEN 1 ELSE 0 END), {twice} FROM {metric.fact}"
    ((synthetic, doubled),) = ports.database.rows(sql, metric.fact, found.files)
    return bool(synthetic), int(str(doubled or 0))
