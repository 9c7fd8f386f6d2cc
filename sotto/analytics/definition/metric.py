"""A metric: a figure with a name, defined once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from sotto.core.errors import Rejected

Good = Literal["high", "low", "neither"]
COMMON_DIMENSIONS = ("day", "week", "month", "hour", "weekday", "team", "agent", "queue", "language", "channel")
TIMES = ("day", "week", "month")
"""Dimensions by which figures form a series."""
UNITS = ("count", "s", "ms", "share", "points", "usd", "words/min")


class UnknownMetric(Rejected):
    """No metric of this name is defined."""


@dataclass(frozen=True, slots=True)
class Metric:
    """``expression``: over rows of ``fact`` that ``where`` leaves; ``columns``: reckoned before, over all rows of the
    period and of ``days_after`` more. ``behind``: which of those rows are worth looking at. All are parsed, checked and
    free of references to other metrics. ``synonyms``: other words for it."""

    name: str
    title: str
    note: str
    fact: str
    expression: exp.Expression
    unit: str
    good: Good = "neither"
    where: exp.Expression | None = None
    behind: exp.Expression | None = None
    columns: Mapping[str, exp.Expression] = field(default_factory=dict)
    days_after: int = 0
    own_dimensions: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (*COMMON_DIMENSIONS, *self.own_dimensions)


@dataclass(frozen=True, slots=True)
class Catalogue:
    metrics: Mapping[str, Metric]

    def metric(self, name: str) -> Metric:
        """Raises UnknownMetric."""
        found = self.metrics.get(name)
        if found is None:
            raise UnknownMetric("metric: there is none of this name; 'sotto ask --metrics' lists them")
        return found
