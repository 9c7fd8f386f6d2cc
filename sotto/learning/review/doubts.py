"""Accepted examples whose labels are probably wrong, put before one more person before anything learns from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sotto.learning.checks import DOUBTFUL
from sotto.learning.example import Example
from sotto.learning.ports import ExampleStore
from sotto.learning.review.votes import decided

MOST_AT_ONCE = 200
"""The most doubtful of a set; the next set asks again."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """``example``: its place among those that were asked about. ``suggested``: the likelier label. ``margin``: by how
    much, 0..1."""

    example: int
    suggested: str
    margin: float


def put_before_others(
    examples: Sequence[Example],
    doubts: Sequence[Doubted],
    store: ExampleStore,
    *,
    needed: int,
    distrusted: frozenset[str],
) -> int:
    """How many wait again. What one more person has agreed to already stays accepted: nobody is asked twice about one
    doubt. ``doubts``: the most doubtful first, by places in ``examples``. Raises Retryable."""
    waiting = 0
    for doubt in doubts[:MOST_AT_ONCE]:
        example = examples[doubt.example]
        if DOUBTFUL in example.warnings:
            continue
        marked = replace(example, warnings=(*example.warnings, DOUBTFUL), unsure=round(min(1.0, doubt.margin), 4))
        now = decided(marked, needed=needed, distrusted=distrusted)
        store.put(replace(now, version=example.version + 1))
        waiting += now.state is not example.state
    return waiting
