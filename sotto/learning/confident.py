"""Confident learning (Northcutt, Jiang and Chuang, JAIR 2021, arXiv 1911.00068): which labels are probably wrong.

A label's threshold is the mean probability that a model, which never saw the example, gives it where it is the given
one. An example that passes the threshold of another label, and finds it likelier than its own, is counted as that
label's: the counting matrix. Off its diagonal are the doubtful ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sotto.core.errors import Rejected

EASE = 0.75
"""Of a threshold, that is enough. With few examples of a label the mean is high and misses one wrong label in four;
chosen on a validation part of BANKING77 (benchmarks/label_errors.py)."""


class NotProbabilities(Rejected):
    """What a model gave are no probabilities: rows of another length, a value that is no number, or none at all."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """``example``: its place. ``suggested``: the likelier label's place. ``margin``: by how much, 0..1."""

    example: int
    suggested: int
    margin: float


def doubtful(given: Sequence[int], probabilities: Sequence[Sequence[float]], *, ease: float = EASE) -> list[Doubt]:
    """The most doubtful first. ``probabilities``: out of fold, shape (examples, labels); ``given``: places of labels.

    ``ease``: which share of another label's threshold is enough; 1 is the method as published. Raises NotProbabilities.
    """
    thresholds = [ease * each for each in _thresholds(given, probabilities)]
    found = []
    for place, (own, row) in enumerate(zip(given, probabilities, strict=True)):
        passing = [label for label, share in enumerate(row) if share >= thresholds[label]]
        best = max(passing, key=lambda label: row[label], default=own)
        margin = row[best] - row[own]
        if best != own and margin > 0:
            found.append(Doubt(place, best, margin))
    return sorted(found, key=lambda doubt: -doubt.margin)


def counted(given: Sequence[int], probabilities: Sequence[Sequence[float]]) -> list[list[int]]:
    """The counting matrix: given label by the label that examples confidently are."""
    labels = len(probabilities[0]) if probabilities else 0
    matrix = [[0] * labels for _ in range(labels)]
    moved = {doubt.example: doubt.suggested for doubt in doubtful(given, probabilities)}
    for place, own in enumerate(given):
        matrix[own][moved.get(place, own)] += 1
    return matrix


def _thresholds(given: Sequence[int], probabilities: Sequence[Sequence[float]]) -> list[float]:
    if len(given) != len(probabilities) or not probabilities:
        raise NotProbabilities("probabilities: give one row for each example, and at least one")
    labels = len(probabilities[0])
    sums, counts = [0.0] * labels, [0] * labels
    for own, row in zip(given, probabilities, strict=True):
        if len(row) != labels or not 0 <= own < labels or not all(math.isfinite(share) for share in row):
            raise NotProbabilities("probabilities: each row needs a finite number for each label")
        sums[own] += row[own]
        counts[own] += 1
    # A label that nobody gave has no threshold that could be passed.
    return [total / count if count else math.inf for total, count in zip(sums, counts, strict=True)]
