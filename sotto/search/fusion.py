"""Reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009): ranks of several searches become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

K = 60
"""As in the paper, and in S3 Vectors."""
Item = TypeVar("Item", bound=Hashable)


def fused(rankings: Iterable[Sequence[Item]]) -> list[tuple[Item, float]]:
    """``rankings``: of each search, best first. Best first, with the score; what is equal in order of the first."""
    scores: defaultdict[Item, float] = defaultdict(float)
    for ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            scores[item] += 1 / (K + rank)
    return sorted(scores.items(), key=lambda each: -each[1])
