"""Which of many tests are discoveries: Benjamini and Hochberg's step-up (1995), over all series that are looked at at
once."""

from __future__ import annotations

from collections.abc import Sequence


def discoveries(chances: Sequence[float], rate: float) -> list[int]:
    """Places of those that are, the least likely first. ``rate``: how many of them may be chance, on average; where
    nothing is the matter anywhere, how often anything is found at all."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    found = 0
    for rank, place in enumerate(order, 1):
        if chances[place] <= rate * rank / len(chances):
            found = rank
    return order[:found]
