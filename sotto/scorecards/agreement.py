"""How far raters agree: Cohen's kappa of two, Krippendorff's alpha of any number with gaps, and a seeded bootstrap
interval. Values are categories; of numbers, equal ones agree and others do not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Rated = TypeVar("Rated", bound=Hashable)
Unit = TypeVar("Unit")
RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of the middle 95 % of the resamples."""

    low: float
    high: float


def raw_agreement(pairs: Sequence[tuple[Rated, Rated]]) -> float:
    """Share of equal pairs; 1 where there are none."""
    return sum(one == other for one, other in pairs) / len(pairs) if pairs else 1.0


def cohens_kappa(pairs: Sequence[tuple[Rated, Rated]]) -> float:
    """Cohen (1960). 1 where both raters always give one and the same value: nothing is left that they could have
    disagreed on by chance. Raises ValueError without pairs."""
    if not pairs:
        raise ValueError("nothing was rated by both")
    observed = raw_agreement(pairs)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(firsts[value] * seconds[value] for value in firsts) / len(pairs) ** 2
    return 1.0 if by_chance == 1.0 else (observed - by_chance) / (1.0 - by_chance)


def krippendorffs_alpha(units: Sequence[Mapping[str, Rated]]) -> float:
    """Nominal. ``units``: rater -> value, for each thing that was rated; raters may be absent, and a unit with one
    rater alone says nothing. 1 where only one value was ever given. Raises ValueError where no unit has two raters.

    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    """
    rated = [list(unit.values()) for unit in units if len(unit) > 1]
    if not rated:
        raise ValueError("nothing was rated by two")
    totals: Counter[Rated] = Counter(value for values in rated for value in values)
    whole = sum(totals.values())
    expected = (whole * whole - sum(count * count for count in totals.values())) / (whole - 1)
    if expected == 0:
        return 1.0
    observed = 0.0
    for values in rated:
        counts = Counter(values)
        unequal = len(values) ** 2 - sum(count * count for count in counts.values())
        observed += unequal / (len(values) - 1)
    return 1.0 - observed / expected


def bootstrap(
    units: Sequence[Unit], figure: Callable[[Sequence[Unit]], float], *, seed: int, resamples: int = RESAMPLES
) -> Interval:
    """Of a figure over units that are drawn anew, with replacement; the same for the same seed. Raises what ``figure``
    raises of all units."""
    figure(units)
    rng = random.Random(seed)
    found: list[float] = []
    for _ in range(resamples):
        drawn = rng.choices(units, k=len(units))
        try:
            found.append(figure(drawn))
        except ValueError:
            continue  # a draw in which nothing was rated twice says nothing
    found.sort()
    if not found:
        whole = figure(units)
        return Interval(whole, whole)
    return Interval(found[int(0.025 * len(found))], found[min(len(found) - 1, int(0.975 * len(found)))])
