"""An agent beside their team and its top quarter, behaviour by behaviour: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

LEAST_ROWS = 10
"""On fewer nobody is compared, and nobody is somebody to be compared with."""
LEAST_AGENTS = 3
"""Of which the best one is a top quarter, rounded up. In a smaller team there is none."""
Z = 1.96


@dataclass(frozen=True, slots=True)
class Counted:
    """A share of ``rows`` rows of one agent, by one behaviour: ``name`` of ``metric``, such as a checklist's item, or a
    quality form's question."""

    metric: str
    name: str
    team: str | None
    agent: str
    share: float
    rows: int


@dataclass(frozen=True, slots=True)
class Standing:
    """``low``, ``high``: the agent's share as it may be, by chance, in 19 of 20 such periods. ``team``: of all rows of
    the team, the agent's own among them. ``top``: of all rows of its top quarter, None where there is none,
    and for an agent of too few rows, who is compared with nobody. ``is_gap``: even ``high`` is below it."""

    of: Counted
    low: float
    high: float
    team: float
    top: float | None
    is_gap: bool


def standings(counted: Iterable[Counted]) -> list[Standing]:
    """By agent, the widest gap first; of agents of fewer than LEAST_ROWS too, without a comparison."""
    groups: dict[tuple[str, str, str | None], list[Counted]] = {}
    for each in counted:
        groups.setdefault((each.metric, each.name, each.team), []).append(each)
    found = [_standing(each, group) for group in groups.values() for each in group if each.rows]
    return sorted(found, key=lambda each: (each.of.agent, not each.is_gap, each.of.share - (each.top or 1.0)))


def wilson(share: float, rows: int) -> tuple[float, float]:
    """The interval of Wilson (1927), of 95 %: honest for few rows and for shares near 0 and 1."""
    middle = (share + Z * Z / (2 * rows)) / (1 + Z * Z / rows)
    half = Z * sqrt(share * (1 - share) / rows + Z * Z / (4 * rows * rows)) / (1 + Z * Z / rows)
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def _standing(one: Counted, group: Sequence[Counted]) -> Standing:
    low, high = wilson(one.share, one.rows)
    top = _top_quarter(group) if one.rows >= LEAST_ROWS else None
    return Standing(one, low, high, _together(group), top, top is not None and high < top)


def _top_quarter(group: Sequence[Counted]) -> float | None:
    known = sorted((each for each in group if each.rows >= LEAST_ROWS), key=lambda each: each.share, reverse=True)
    if len(known) < LEAST_AGENTS:
        return None
    return _together(known[: ceil(len(known) / 4)])


def _together(group: Sequence[Counted]) -> float:
    return sum(each.share * each.rows for each in group) / sum(each.rows for each in group)
