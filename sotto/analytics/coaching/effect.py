"""What became of conversations in which an action was used, beside those in which it was shown and not used: pure.

Nobody drew lots: who uses guidance may be better, or have easier calls. So conversations are compared within agents and
the mood that customers began with, and added up by Mantel and Haenszel's weights; the interval is Sato's (1989). What
else differs is not known, and is named beside the figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Z = 1.96
LEAST_EACH = 20
"""Conversations, with and without, under which nothing is said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A conversation in which ``action`` was shown. ``stratum``: of what it is compared within; ``is_bad``: how it
    ended."""

    action: str
    stratum: tuple[str, ...]
    used: bool
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """``used``, ``unused``: conversations; ``used_bad``, ``unused_bad``: shares of them that ended badly, as they are.
    ``difference``: of the two within strata, below 0 where fewer ended badly with it; ``low``, ``high``: of 95 %. None
    where too little is known. ``compared``: conversations in strata that hold both kinds."""

    action: str
    used: int
    unused: int
    used_bad: float
    unused_bad: float
    compared: int
    difference: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def can_tell(self) -> bool:
        """Whether chance alone does not explain it."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def effects(outcomes: Iterable[Outcome]) -> list[Effect]:
    """By action."""
    by_action: dict[str, list[Outcome]] = {}
    for each in outcomes:
        by_action.setdefault(each.action, []).append(each)
    return [_effect(action, found) for action, found in sorted(by_action.items())]


def _effect(action: str, found: list[Outcome]) -> Effect:
    used, unused = ([each for each in found if each.used is which] for which in (True, False))
    strata: dict[tuple[str, ...], list[Outcome]] = {}
    for each in found:
        strata.setdefault(each.stratum, []).append(each)
    both = [group for group in strata.values() if len({each.used for each in group}) == 2]
    plain = Effect(action, len(used), len(unused), _bad(used), _bad(unused), sum(map(len, both)))
    if min(len(used), len(unused)) < LEAST_EACH or plain.compared < 2 * LEAST_EACH:
        return plain
    difference, error = _mantel_haenszel(both)
    low, high = difference - Z * error, difference + Z * error
    return Effect(
        action, plain.used, plain.unused, plain.used_bad, plain.unused_bad, plain.compared, difference, low, high
    )


def _bad(found: list[Outcome]) -> float:
    return sum(each.is_bad for each in found) / len(found) if found else 0.0


def _mantel_haenszel(strata: list[list[Outcome]]) -> tuple[float, float]:
    """The common difference of risks and its standard error, which is consistent in few large strata and in many small
    ones. https://doi.org/10.2307/2531514"""
    weights = difference = p_part = q_part = 0.0
    for group in strata:
        with_it = [each.is_bad for each in group if each.used]
        without = [each.is_bad for each in group if not each.used]
        a, n1, c, n0, n = sum(with_it), len(with_it), sum(without), len(without), len(group)
        weights += n1 * n0 / n
        difference += (a * n0 - c * n1) / n
        p_part += (n1 * n1 * c - n0 * n0 * a + n1 * n0 * (n0 - n1) / 2) / (n * n)
        q_part += (a * (n0 - c) + c * (n1 - a)) / (2 * n)
    common = difference / weights
    variance = (common * p_part + q_part) / (weights * weights)
    return common, sqrt(max(0.0, variance))
