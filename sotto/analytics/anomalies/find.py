"""What is out of the ordinary in the hours that have just ended, over all series at once.

Each window of each series has a chance: how likely so much, or so little, is by the same hours of the weeks before. Of
all of them together those are found that are unlikely even for so many looks. What goes on is not found again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sotto.analytics.anomalies.discoveries import discoveries
from sotto.analytics.anomalies.series import WEEK_H, Series, Usual, spreads, usual
from sotto.analytics.anomalies.tails import lower_tail, upper_tail

WINDOWS_H = (4, 24)
RATE = 1e-4
"""With a look each hour something is found by chance in one hour of 10,000, where all is quiet: once in 14 months."""
SURELY_USUAL = 3.0
"""Standard deviations: nearer to the mean nothing is found, and its chance is not summed."""
QUIET_AGAIN_H = 24
"""What was found of a series is over once nothing was found of it for so long."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """``end``: the hour at which the window ended, from the beginning of the series; ``chance``: of one look."""

    name: str
    end: int
    hours: int
    count: int
    usual: float
    chance: float

    @property
    def is_more(self) -> bool:
        return self.count > self.usual


def anomalies(all_series: Sequence[Series], end: int, known: Mapping[int, Sequence[float]]) -> list[Anomaly]:
    """Of the windows that end at ``end``, at most one of each series, the least likely first. ``known``: by length of
    window, the spread of each series, as ``spreads`` says."""
    looked: list[Anomaly] = []
    for place, series in enumerate(all_series):
        for hours in WINDOWS_H:
            expected = usual(series, end, hours, known[hours][place])
            if expected is not None:
                looked.append(_looked(series, end, hours, expected))
    found = [looked[place] for place in discoveries([each.chance for each in looked], RATE)]
    return list({each.name: each for each in reversed(found)}.values())[::-1]


def _looked(series: Series, end: int, hours: int, expected: Usual) -> Anomaly:
    count = series.within(end, hours)
    mean, variance = expected.mean, expected.variance
    chance = 1.0
    if abs(count - mean) > SURELY_USUAL * variance**0.5:
        tail = upper_tail if count > mean else lower_tail
        chance = min(1.0, 2 * tail(count, mean, variance))  # more and less are both looked for
    return Anomaly(series.name, end, hours, count, mean, chance)


@dataclass(slots=True)
class Watch:
    """Looks hour after hour, at spreads that are known anew each day, and finds nothing twice."""

    all_series: Sequence[Series]
    _spreads: dict[int, Sequence[float]] = field(default_factory=dict)
    _known_at: int = -WEEK_H
    _last_found: dict[str, int] = field(default_factory=dict)

    def look(self, end: int) -> list[Anomaly]:
        """New ones of the windows that end at ``end``."""
        if end - self._known_at >= 24:
            self._spreads = {hours: spreads(self.all_series, end - max(WINDOWS_H), hours) for hours in WINDOWS_H}
            self._known_at = end
        new = []
        for each in anomalies(self.all_series, end, self._spreads):
            if end - self._last_found.get(each.name, -WEEK_H) > QUIET_AGAIN_H:
                new.append(each)
            self._last_found[each.name] = end
        return new
