"""Counts by the hour, and what an hour of the week usually holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import median

WEEK_H = 168
MOST_WEEKS, FEWEST_WEEKS = 8, 3
PRIOR_FREEDOM = 150
"""As much as so many windows weighs what the other series say of a series' spread."""
LEAST_TO_TELL = 5.0
"""In windows of fewer nothing but chance is seen."""


@dataclass(frozen=True, slots=True)
class Series:
    """``counts``: of each hour, without a gap; all series that are looked at together begin at the same hour."""

    name: str
    counts: Sequence[int]
    _sums: Sequence[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sums", (0, *accumulate(self.counts)))

    def within(self, end: int, hours: int) -> int:
        """The ``hours`` before hour ``end``."""
        return self._sums[end] - self._sums[end - hours]


@dataclass(frozen=True, slots=True)
class Usual:
    """``mean`` of a window, by the same hours of the ``weeks`` before; ``spread``: variance over mean, of such windows
    around their own means, at least 1."""

    mean: float
    spread: float
    weeks: int

    @property
    def variance(self) -> float:
        """Of a new window: its own, and that of the mean, which is of few weeks."""
        return self.mean * self.spread * (1 + 1 / self.weeks)


def usual(series: Series, end: int, hours: int, spread: float) -> Usual | None:
    """Of the window that ends at ``end``. None where too little is known before it."""
    weeks = min(MOST_WEEKS, (end - hours) // WEEK_H)
    if weeks < FEWEST_WEEKS:
        return None
    total = sum(series.within(end - WEEK_H * week, hours) for week in range(1, weeks + 1))
    # Half a count beside them: what has never happened is still not impossible.
    return Usual((total + 0.5) / weeks, spread, weeks)


def spreads(all_series: Sequence[Series], end: int, hours: int) -> list[float]:
    """Of each series: by the windows of the weeks before ``end``, one after the other, around the mean of each window
    of the week. Few weeks say little of one series, so that each is drawn to what series of its size have: what varies
    beside chance grows with the mean. A little is added, because a spread thought too small is a false alert."""
    weeks = min(MOST_WEEKS, end // WEEK_H)
    if weeks < FEWEST_WEEKS:
        return [1.0] * len(all_series)
    own = [_spread(each, end, hours, weeks) for each in all_series]
    means = [each.within(end, WEEK_H * weeks) * hours / (WEEK_H * weeks) for each in all_series]
    slopes = [(spread - 1) / mean for spread, mean in zip(own, means, strict=True) if mean >= LEAST_TO_TELL]
    slope = max(0.0, median(slopes)) if slopes else 0.0
    freedom = (weeks - 1) * (WEEK_H // hours)
    added = 1 + (2 / (freedom + PRIOR_FREEDOM)) ** 0.5
    return [
        max(1.0, (freedom * spread + PRIOR_FREEDOM * (1 + slope * mean)) / (freedom + PRIOR_FREEDOM) * added)
        for spread, mean in zip(own, means, strict=True)
    ]


def _spread(series: Series, end: int, hours: int, weeks: int) -> float:
    """Pearson's statistic over its degrees of freedom."""
    total = 0.0
    for window in range(WEEK_H // hours):
        counts = [series.within(end - WEEK_H * week - hours * window, hours) for week in range(weeks)]
        mean = sum(counts) / weeks
        if mean > 0:
            total += sum((count - mean) ** 2 for count in counts) / mean
    return total / ((weeks - 1) * (WEEK_H // hours))
