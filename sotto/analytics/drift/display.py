"""How far two mixes are from each other, in figures that people know: for display, and for no decision. They grow with
few calls also where nothing has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

FEWEST = 0.5
"""Added to each count, so that what was never seen is rare and not impossible."""


def population_stability(before: Mapping[str, float], now: Mapping[str, float]) -> float:
    """PSI; 0.1 is said to be little, 0.25 much."""
    return sum((two - one) * log(two / one) for one, two in _shares(before, now))


def divergence(before: Mapping[str, float], now: Mapping[str, float]) -> float:
    """Kullback and Leibler's, of what is now from what was before, in nats."""
    return sum(two * log(two / one) for one, two in _shares(before, now))


def moved_mass(before: Sequence[float], now: Sequence[float]) -> float:
    """Wasserstein's distance between counts of bins of equal width from 0 to 1: how far shares have to be moved."""
    total_before, total_now, gap, moved = sum(before), sum(now), 0.0, 0.0
    if not total_before or not total_now:
        return 0.0
    for one, two in zip(before, now, strict=True):
        gap += two / total_now - one / total_before
        moved += abs(gap)
    return moved / len(before)


def _shares(before: Mapping[str, float], now: Mapping[str, float]) -> list[tuple[float, float]]:
    names = sorted({*before, *now})
    first = sum(before.values()) + FEWEST * len(names)
    second = sum(now.values()) + FEWEST * len(names)
    return [((before.get(name, 0) + FEWEST) / first, (now.get(name, 0) + FEWEST) / second) for name in names]
