"""How good scores were: each lead is scored by what was known before it, and learnt from once its outcome is known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sotto.leads.learner import Learner


@dataclass(frozen=True, slots=True)
class Judged:
    """``chance``: 0 to 1, before the outcome was known. ``mean``: the share that had bought by then, of the last
    ``RECENT``."""

    chance: float
    mean: float
    bought: bool


RECENT = 4_000


def scored(leads: Iterable[tuple[Mapping[str, Any], bool]], learner: Learner, *, delay: int) -> Iterator[Judged]:
    """``delay``: so many leads come before an outcome is known. Raises BadLead."""
    waiting: deque[tuple[Mapping[str, Any], bool]] = deque()
    known: deque[bool] = deque()
    had_bought = 0
    for lead, bought in leads:
        yield Judged(learner.chance(lead), had_bought / len(known) if known else 0.5, bought)
        waiting.append((lead, bought))
        if len(waiting) > delay:
            before, did = waiting.popleft()
            learner.learn(before, did)
            known.append(did)
            had_bought += did - (known.popleft() if len(known) > RECENT else 0)
    for before, did in waiting:
        learner.learn(before, did)


@dataclass(frozen=True, slots=True)
class Quality:
    """``auc``: how often a lead that bought has the higher score of two; None where all did the same. ``brier``: the
    mean square of what scores missed by, beside that of ``brier_of_mean``: lower is better."""

    leads: int
    bought: float
    auc: float | None
    brier: float
    brier_of_mean: float


def quality(judged: Sequence[Judged]) -> Quality:
    """Of one lead at least."""
    count = len(judged)
    bought = sum(each.bought for each in judged)
    return Quality(
        leads=count,
        bought=bought / count,
        auc=_auc(judged) if 0 < bought < count else None,
        brier=sum((each.chance - each.bought) ** 2 for each in judged) / count,
        brier_of_mean=sum((each.mean - each.bought) ** 2 for each in judged) / count,
    )


def _auc(judged: Sequence[Judged]) -> float:
    """By ranks; equal scores share theirs."""
    ordered = sorted(judged, key=lambda each: each.chance)
    ranks, at = 0.0, 0
    while at < len(ordered):
        until = at
        while until < len(ordered) and ordered[until].chance == ordered[at].chance:
            until += 1
        ranks += sum(each.bought for each in ordered[at:until]) * (at + until + 1) / 2
        at = until
    yes = sum(each.bought for each in judged)
    return (ranks - yes * (yes + 1) / 2) / (yes * (len(judged) - yes))
