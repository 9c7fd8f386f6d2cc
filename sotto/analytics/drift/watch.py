"""Whether the latest calls are unlike those before: three views of them, over a short and a long window.

The chance of an alarm where nothing has changed is that of one window in 50,000 over all of them together; each view
and window has a share of it (Bonferroni, weighted).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from sotto.analytics.drift.departures import Calls, Departure, UsualDirections, UsualLevel
from sotto.analytics.drift.tails import Numbers

ALARM = 1 / 50_000
WINDOWS = {500: 0.75, 1_000: 0.25}
"""Utterances, in whole calls, with their shares of the chance. The short one sees soon what is much, the long one what
is little."""
FEWEST_CALLS = 20
FEWEST_BEFORE = 200
"""Calls in a window, and before it: of fewer their spread is not known."""


class View(StrEnum):
    DOUBT = "doubt"
    """How unsure the model was: entropy of its shares, which wishes raise that it does not know."""
    LABELS = "labels"
    MEANING = "meaning"
    RECOGNITION = "recognition"
    """How unsure the recogniser was of the words."""


LEVELS = frozenset({View.DOUBT, View.RECOGNITION})
SHARES = {View.DOUBT: 0.5, View.LABELS: 0.2, View.MEANING: 0.2, View.RECOGNITION: 0.1}
Views = Mapping[View, Calls]


@dataclass(frozen=True, slots=True)
class Looked:
    """``chance``: of the view in the window alone, times what it counts for: below ALARM it is an alarm."""

    view: View
    utterances: int
    calls: int
    departure: Departure
    chance: float

    @property
    def is_alarm(self) -> bool:
        return self.chance < ALARM

    def among(self, looks: int) -> Looked:
        """One of so many that are looked at together."""
        return replace(self, chance=min(1.0, self.chance * looks))


def ends_of(counts: Numbers, utterances: int) -> list[tuple[int, int]]:
    """Calls one after the other in windows of at least so many utterances, as (first, behind the last)."""
    found, start, together = [], 0, 0.0
    for place, count in enumerate(counts):
        together += count
        if together >= utterances:
            found.append((start, place + 1))
            start, together = place + 1, 0.0
    return found


def latest(counts: Numbers, utterances: int) -> int | None:
    """Where the shortest window at the end begins that has so many; None where there are fewer."""
    behind = np.cumsum(counts[::-1])
    enough = np.flatnonzero(behind >= utterances)
    return len(counts) - 1 - int(enough[0]) if len(enough) else None


class Watch:
    """What is usual, known once for many looks."""

    def __init__(self, before: Views) -> None:
        """Views of fewer than FEWEST_BEFORE calls are left out."""
        self._usual: dict[tuple[View, int], UsualDirections | UsualLevel] = {}
        for view, calls in before.items():
            if len(calls) < FEWEST_BEFORE:
                continue
            for size in WINDOWS:
                ends = ends_of(calls.counts, size)
                usual = UsualLevel if view in LEVELS else UsualDirections
                self._usual[view, size] = usual.of(calls, ends)

    def look(self, window: Views) -> list[Looked]:
        """At the end of ``window``, the likeliest alarm first; empty where there is too little to say."""
        found = []
        for (view, size), usual in self._usual.items():
            calls = window.get(view)
            start = latest(calls.counts, size) if calls is not None else None
            if calls is None or start is None or len(calls) - start < FEWEST_CALLS:
                continue
            part = calls.between(start, len(calls))
            departure = usual.departure(part)
            weighed = min(1.0, departure.chance / (SHARES[view] * WINDOWS[size]))
            found.append(Looked(view, int(part.counts.sum()), len(part), departure, weighed))
        return sorted(found, key=lambda each: each.chance)
