"""How likely counts are that are as far off as the one that came: tails of the negative binomial distribution, summed
term by term, so that they are right for a handful of calls as well as for thousands."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

_NEGLIGIBLE = 1e-12
"""Of the sum so far: a term below it changes nothing that anybody reads."""


def upper_tail(count: int, mean: float, variance: float) -> float:
    """P(X >= count) for counts of this mean and variance. Where the variance is not above the mean it is Poisson's.
    ``mean`` > 0."""
    if count <= 0:
        return 1.0
    if count <= mean:
        return max(0.0, 1.0 - _below(count - 1, mean, variance))
    return min(1.0, _sum(count, mean, variance, step=1))


def lower_tail(count: int, mean: float, variance: float) -> float:
    """P(X <= count), of the same."""
    if count < 0:
        return 0.0
    if count >= mean:
        return max(0.0, 1.0 - upper_tail(count + 1, mean, variance))
    return min(1.0, _below(count, mean, variance))


def _below(count: int, mean: float, variance: float) -> float:
    return _sum(count, mean, variance, step=-1)


def _sum(start: int, mean: float, variance: float, *, step: int) -> float:
    """From ``start`` on, away from the mean: terms only get smaller there."""
    term = exp(_log_probability(start, mean, variance))
    total, at = term, start
    while at + step >= 0 and term > _NEGLIGIBLE * total:
        at += step
        term = exp(_log_probability(at, mean, variance))
        total += term
    return total


def _log_probability(count: int, mean: float, variance: float) -> float:
    excess = variance - mean
    if excess <= 1e-9 * mean:
        return count * log(mean) - mean - lgamma(count + 1)
    size = mean * mean / excess
    chance = log(mean / variance)
    return lgamma(count + size) - lgamma(size) - lgamma(count + 1) + size * chance + count * log1p(-mean / variance)
