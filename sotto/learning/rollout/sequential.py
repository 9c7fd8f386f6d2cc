"""Tests that may be looked at any time: mixture sequential probability ratio tests on the difference of two shares.

Robbins, Annals of Mathematical Statistics 41 (1970); Johari, Pekelis and Walsh, arXiv 1512.04922. The difference is
taken to be normal with the variance that clusters give; the mixture over what it might be is normal with deviation
``tau``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

FEWEST_CLUSTERS = 8
FEWEST_EACH = 30
"""Shown, of each version, before anything is said: a share of fewer is not normal."""
STEPS = 64


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one agent and one version: how often something was shown, and how often it went so (was used, dismissed)."""

    shown: int = 0
    hits: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.shown + other.shown, self.hits + other.hits)


ByAgent = Mapping[str, tuple[Counted, Counted]]
"""Agent -> of the live version, of the candidate."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The candidate's share less the live one's, and its variance."""

    value: float
    variance: float


def difference(counts: ByAgent) -> Difference | None:
    """Of each agent with themselves (Mantel and Haenszel, 1959): agents differ more from each other than versions do,
    and whoever happens to have more calls of one version says nothing about it. None while too little is known.

    What one agent does is alike, so the variance is that between agents (a cluster-robust one), and never less than
    answers would have that are independent given the agent, which is exact however few they are."""
    live = sum(pair[0].shown for pair in counts.values())
    candidate = sum(pair[1].shown for pair in counts.values())
    if min(live, candidate) < FEWEST_EACH:
        return None
    both = [(old, new) for old, new in counts.values() if old.shown and new.shown]
    if len(both) < FEWEST_CLUSTERS:
        return None
    weights = [old.shown * new.shown / (old.shown + new.shown) for old, new in both]
    found = [new.hits / new.shown - old.hits / old.shown for old, new in both]
    total = sum(weights)
    value = sum(weight * each for weight, each in zip(weights, found, strict=True)) / total
    independent = sum(weight * _spread(old, new) for weight, (old, new) in zip(weights, both, strict=True))
    between = sum((weight * (each - value)) ** 2 for weight, each in zip(weights, found, strict=True))
    variance = max(independent, between * len(both) / (len(both) - 1)) / total**2
    return Difference(value, variance) if variance > 0 else None


def _spread(old: Counted, new: Counted) -> float:
    """Of one answer of an agent, by all of theirs: hypergeometric, as none is used more than it was."""
    shown, hits = old.shown + new.shown, old.hits + new.hits
    return hits * (shown - hits) / (shown * (shown - 1))


def evidence(found: Difference, *, tau: float) -> float:
    """The likelihood ratio against no difference; above 1/alpha it is one at level alpha, however often one looks."""
    both = found.variance + tau * tau
    exponent = tau * tau * found.value**2 / (2 * found.variance * both)
    return math.sqrt(found.variance / both) * math.exp(min(exponent, 700.0))


def evidence_below(found: Difference, *, tau: float) -> float:
    """The same against "not below nothing": the mixture is over what is below alone, so it sees harm sooner."""
    both = found.variance + tau * tau
    towards = -found.value * tau / math.sqrt(found.variance * both)
    return 2 * evidence(found, tau=tau) * _normal_below(towards)


def radius(found: Difference, *, tau: float, alpha: float) -> float:
    """Half of an interval that holds the true difference at all times together, at level ``alpha``."""
    both = found.variance + tau * tau
    return math.sqrt(found.variance * both / (tau * tau) * math.log(both / (found.variance * alpha * alpha)))


def evidence_of_more(events: int, of_candidate: int, share: float) -> float:
    """Of rare events (failures) that more come from the candidate than its ``share`` of what was asked: a mixture over
    all greater shares. Exact, for independent events, however few."""
    if not events:
        return 1.0
    width = (1 - share) / STEPS
    total = 0.0
    for step in range(STEPS):
        p = share + (step + 0.5) * width
        log = of_candidate * math.log(p / share) + (events - of_candidate) * math.log((1 - p) / (1 - share))
        total += math.exp(min(log, 700.0))
    return total / STEPS


def evidence_of_uneven(live: int, candidate: int, share: float) -> float:
    """That calls are not divided as they should be, where the candidate was to have ``share`` of them: a mixture over
    all shares (Lindon and Malek, arXiv 2011.03567). A chi-squared test that is looked at all the time stops one good
    trial in twenty."""
    log = math.lgamma(candidate + 1) + math.lgamma(live + 1) - math.lgamma(live + candidate + 2)
    log -= candidate * math.log(share) + live * math.log(1 - share)
    return math.exp(min(log, 700.0))


def _normal_below(value: float) -> float:
    return 0.5 * math.erfc(-value / math.sqrt(2))
