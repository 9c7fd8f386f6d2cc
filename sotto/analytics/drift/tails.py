"""How likely so much is by chance, where nothing has changed: tails by saddle points.

Right within some per cent also where one draw in a million is asked for, as is needed to look often and rarely be
wrong; resampling would take a hundred million draws. Lugannani and Rice (1980); for weighted sums of squares Kuonen
(Biometrika 86, 1999); for means of what was seen Daniels and Young (Biometrika 78, 1991).
"""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, log, sqrt

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
STEPS = 200
NEAR_THE_MEAN = 1e-4


def squares_above(value: float, weights: Numbers) -> float:
    """P(sum of weights * squares of standard normals > value). ``weights``: not negative."""
    weights = weights[weights > 0]
    if not len(weights):
        return 1.0 if value <= 0 else 0.0
    if value <= 0:
        return 1.0
    scale = float(weights.max())
    weights, value = weights / scale, value / scale
    mean = float(weights.sum())
    if abs(value - mean) < NEAR_THE_MEAN * mean:  # the formula is nought by nought here
        value = mean * (1 + NEAR_THE_MEAN)
    low = -len(weights) / (2 * value) - 1.0
    at = _rising(lambda t: float((weights / (1 - 2 * weights * t)).sum()), value, low, 0.5)
    grown = 2 * weights * at
    curve = float((2 * weights**2 / (1 - grown) ** 2).sum())
    return _tail(at, value, -0.5 * float(np.log1p(-grown).sum()), curve)


def sum_above(value: float, seen: Numbers, count: int, noise: float) -> float:
    """P(sum of ``count`` draws from ``seen``, and of a normal of variance ``noise``, > value); ``seen`` has the mean 0.
    Skewness counts: where most are near nothing and a few are far, sums are far more often than a normal would be."""
    spread = sqrt(float((seen**2).mean()) * count + noise)
    if spread == 0:
        return 1.0 if value <= 0 else 0.0
    if abs(value) < NEAR_THE_MEAN * spread:
        return 0.5
    most = 0.9 * 700 / max(float(np.abs(seen).max()), 1e-12)
    bound = min(most, 60 / spread)
    mean = _Tilted(seen, count, noise)
    at = _rising(mean.first, value, -bound, bound)
    return _tail(at, value, mean.generating(at), mean.second(at))


class _Tilted:
    """Cumulants of the sum, by how far it is tilted."""

    def __init__(self, seen: Numbers, count: int, noise: float) -> None:
        self._seen, self._count, self._noise = seen, count, noise

    def generating(self, t: float) -> float:
        return self._count * log(float(np.exp(t * self._seen).mean())) + self._noise * t * t / 2

    def first(self, t: float) -> float:
        weights = np.exp(t * self._seen)
        return self._count * float((weights * self._seen).sum() / weights.sum()) + self._noise * t

    def second(self, t: float) -> float:
        weights = np.exp(t * self._seen)
        weights /= weights.sum()
        mean = float((weights * self._seen).sum())
        return self._count * float((weights * (self._seen - mean) ** 2).sum()) + self._noise


def _rising(function: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where a rising function takes ``value``, between the bounds."""
    for _ in range(STEPS):
        at = (low + high) / 2
        if function(at) > value:
            high = at
        else:
            low = at
        if high - low < 1e-13 * max(1e-6, abs(at)):
            break
    return (low + high) / 2


def _tail(at: float, value: float, generating: float, curve: float) -> float:
    root = sqrt(max(0.0, 2 * (at * value - generating)))
    w, v = (root if at > 0 else -root), at * sqrt(curve)
    if w == 0 or v / w <= 0:
        return 0.5
    return float(min(1.0, max(0.0, 0.5 * erfc((w + log(v / w) / w) / sqrt(2)))))
