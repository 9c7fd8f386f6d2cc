"""How far the calls of a window are from those before, in one view of them, and how likely so much is by chance.

A view of a call is a sum over its utterances: of random cosines of their meaning, of labels, of how much the model
doubted. Sums add up, so a window is one too. The distance is the square of that between the means of utterances, in
directions of equal spread; with random cosines it is a regularised maximum mean discrepancy (Gretton et al., JMLR 2012;
Harchaoui, Bach and Moulines 2008). Utterances of a call are like each other, so spread is reckoned over whole calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sotto.analytics.drift.tails import Numbers, squares_above, sum_above

RIDGE = 0.1
"""Of the mean spread, added to that of each direction: chosen on one part of BANKING77 (benchmarks/drift.py)."""


@dataclass(frozen=True, slots=True)
class Calls:
    """In the order in which they began. ``sums``: shape (calls, columns), each row over a call's utterances;
    ``counts``: how many those are, above 0."""

    sums: Numbers
    counts: Numbers

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def mean(self) -> Numbers:
        found: Numbers = self.sums.sum(axis=0) / self.counts.sum()
        return found

    def between(self, start: int, stop: int) -> Calls:
        return Calls(self.sums[start:stop], self.counts[start:stop])


@dataclass(frozen=True, slots=True)
class Departure:
    """``distance``: between means, squared or as it is. ``usual``: what it is where nothing has changed: on average, or
    its standard deviation. ``chance``: of so much."""

    distance: float
    usual: float
    chance: float


@dataclass(frozen=True, slots=True)
class UsualDirections:
    """``turned``: columns of directions of about equal spread; ``spread``: of what a call adds to a mean in them, times
    calls, as eigenvalues. ``excess``: how much more windows of what is usual differ than calls drawn from all of it
    would, 1 or more: mornings are not like nights."""

    calls: int
    mean: Numbers
    spread: Numbers
    turned: Numbers
    size: float
    excess: float = 1.0

    @classmethod
    def of(cls, calls: Calls, ends: Sequence[tuple[int, int]] = ()) -> UsualDirections:
        """Directions come from every second call and spread from the others: with hundreds of directions, what they
        were fitted to is nearer than what comes. ``ends``: windows among them, by which ``excess`` is found."""
        mean, size = calls.mean, float(calls.counts.mean())
        adds = (calls.sums - calls.counts[:, None] * mean) / size
        values, vectors = np.linalg.eigh(adds[::2].T @ adds[::2] / max(1, len(adds[::2])))
        values = np.maximum(values, 0.0)
        turned = vectors / np.sqrt(values + RIDGE * max(float(values.mean()), 1e-12))
        others = adds[1::2] @ turned
        spread = np.maximum(np.linalg.eigvalsh(others.T @ others / max(1, len(others))), 0.0)
        usual = cls(len(adds), mean, spread, turned, size)
        looked = [usual.departure(calls.between(*each), inside=True) for each in ends]
        ratios = [each.distance / each.usual for each in looked if each.usual > 0]
        return replace(usual, excess=max(1.0, float(np.mean(ratios)))) if ratios else usual

    def departure(self, window: Calls, *, inside: bool = False) -> Departure:
        """``inside``: the window is a part of what is usual."""
        moved = (window.mean - self.mean) @ self.turned
        distance = float(moved @ moved)
        share = 1 / len(window) - 1 / self.calls if inside else 1 / len(window) + 1 / self.calls
        # A window of longer calls says more.
        weights = self.spread * share * self.excess * self.size / max(float(window.counts.mean()), 1e-12)
        return Departure(distance, float(weights.sum()), squares_above(distance, weights))


@dataclass(frozen=True, slots=True)
class UsualLevel:
    """Of a view of one column, of which more is looked for and less is not."""

    mean: float
    adds: Numbers
    excess: float = 1.0

    @classmethod
    def of(cls, calls: Calls, ends: Sequence[tuple[int, int]] = ()) -> UsualLevel:
        mean = float(calls.mean[0])
        usual = cls(mean, calls.sums[:, 0] - calls.counts * mean)
        looked = [usual._more(calls.between(*each)) for each in ends]
        spread = float((usual.adds**2).mean())
        shares = [more**2 / (spread * count * (1 - count / len(calls))) for more, count in looked if spread > 0]
        return replace(usual, excess=max(1.0, float(np.mean(shares)))) if shares else usual

    def departure(self, window: Calls) -> Departure:
        more, count = self._more(window)
        spread = float((self.adds**2).mean())
        # The mean before is not known for sure; and windows differ by more than their calls alone.
        noise = spread * count * (count / len(self.adds) + self.excess - 1)
        deviation = float(np.sqrt(spread * count + noise)) / float(window.counts.sum())
        chance = sum_above(more, self.adds, count, noise)
        return Departure(more / float(window.counts.sum()), deviation, chance)

    def _more(self, window: Calls) -> tuple[float, int]:
        return float((window.sums[:, 0] - window.counts * self.mean).sum()), len(window)
