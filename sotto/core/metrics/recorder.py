"""Counts and times, gathered in memory and written as CloudWatch's embedded metric format, one JSON line each.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from sotto.core.clock import Clock
from sotto.core.metrics.measure import CELL, NAMESPACE, TENANT, Measure

FLUSH_EVERY_MS = 10_000
MOST_VALUES = 100
"""Of one metric in one line, as the format has it; and so many metrics."""
MOST_LABELS = 256
"""Combinations of dimensions of one process: each is a metric that costs money. What goes beyond is ``other``."""
_LONGEST_LABEL = 128
_UNPRINTABLE = re.compile(r"[^\x21-\x7e]")


class Metrics(Protocol):
    def add(self, measure: Measure, value: float = 1, *, tenant: str | None = None, **by: str) -> None:
        """Note a value. ``by`` has a word for each of the measure's own dimensions. Never raises, never waits."""
        ...


class NoMetrics:
    """Where nobody looks."""

    def add(self, measure: Measure, value: float = 1, *, tenant: str | None = None, **by: str) -> None:
        pass


@dataclass(frozen=True, slots=True)
class _Labels:
    """One line's dimensions. Measures with the same ones share it."""

    tenant: str | None
    by: tuple[tuple[str, str], ...]
    total: bool


class Recorder:
    """Metrics of one process, safe to share between threads.

    ``write`` takes a line without its end. What has been gathered for ``every_ms`` is written with the next value, so a
    worker that lives for minutes is seen while it works; whoever ends calls ``flush``.
    """

    def __init__(
        self, clock: Clock, write: Callable[[str], object], *, cell: str, every_ms: float = FLUSH_EVERY_MS
    ) -> None:
        self._clock = clock
        self._write = write
        self._cell = _label(cell)
        self._every_ms = every_ms
        self._lock = Lock()
        self._gathered: defaultdict[_Labels, dict[Measure, list[float]]] = defaultdict(dict)
        self._known: set[tuple[str, _Labels]] = set()
        self._since_ms = clock.monotonic_ms()

    def add(self, measure: Measure, value: float = 1, *, tenant: str | None = None, **by: str) -> None:
        with self._lock:
            labels = self._labels(measure, tenant, by)
            values = self._gathered[labels].setdefault(measure, [])
            if values and not measure.keeps_values:
                values[0] += value
            else:
                values.append(value)
            if len(values) >= MOST_VALUES or self._clock.monotonic_ms() - self._since_ms >= self._every_ms:
                self._flush()

    def flush(self) -> None:
        with self._lock:
            self._flush()

    def _labels(self, measure: Measure, tenant: str | None, by: Mapping[str, str]) -> _Labels:
        if set(by) != set(measure.by):
            raise ValueError(f"{measure.name} has the dimensions {measure.by}, not {sorted(by)}")
        named = tuple((name, _label(by[name])) for name in measure.by)
        labels = _Labels(_label(tenant) if tenant else None, named, measure.total)
        if (measure.name, labels) not in self._known:
            if len(self._known) >= MOST_LABELS:
                return _Labels(None, tuple((name, "other") for name in measure.by), measure.total)
            self._known.add((measure.name, labels))
        return labels

    def _flush(self) -> None:
        gathered, self._gathered = self._gathered, defaultdict(dict)
        self._since_ms = self._clock.monotonic_ms()
        for labels, measures in gathered.items():
            self._write(json.dumps(self._line(labels, measures), separators=(",", ":")))

    def _line(self, labels: _Labels, measures: Mapping[Measure, list[float]]) -> dict[str, object]:
        (sets, *_) = (measure.dimension_sets(of_tenant=labels.tenant is not None) for measure in measures)
        about = {
            "Namespace": NAMESPACE,
            "Dimensions": sets,
            "Metrics": [{"Name": measure.name, "Unit": measure.unit.value} for measure in measures],
        }
        line: dict[str, object] = {
            "_aws": {"Timestamp": int(self._clock.now_ms()), "CloudWatchMetrics": [about]},
            CELL: self._cell,
            **dict(labels.by),
        }
        if labels.tenant is not None:
            line[TENANT] = labels.tenant
        return line | {measure.name: _values(measure, values) for measure, values in measures.items()}


def _values(measure: Measure, values: list[float]) -> float | list[float]:
    rounded = [round(value, 9 if not measure.keeps_values else 2) for value in values]
    return rounded[0] if len(rounded) == 1 else rounded


def _label(word: str) -> str:
    """A dimension's value: printable ASCII, not empty, not long."""
    return _UNPRINTABLE.sub("_", word)[:_LONGEST_LABEL] or "none"
