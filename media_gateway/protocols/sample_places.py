"""Places a sender's numbered, time-stamped packets to the sample, on one clock for both sides."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from sotto.call.contact import Speaker

SAMPLES_A_MS = 8
JITTER = 10 * SAMPLES_A_MS
"""A time stamp that is no further from where the packet before it ends counts as just there: stamps are rounded."""
FARTHEST_AHEAD = 60_000 * SAMPLES_A_MS
FARTHEST_BACK = 10_000 * SAMPLES_A_MS
REMEMBERED = 1_024
"""Packets of a side: one that comes again within so many (20 s) is a double."""


@dataclass(slots=True)
class _Side:
    number: int = 0
    ends: int | None = None
    places: OrderedDict[int, int] = field(default_factory=OrderedDict)


class SamplePlaces:
    """``place`` each packet. A stamp that is more than a minute ahead of everything, or ten seconds behind, is a jump
    of the sender's clock: the call goes on where it was."""

    def __init__(self) -> None:
        self._sides: dict[Speaker, _Side] = {}
        self._shift = 0
        self._furthest = 0
        self.jumps = 0

    def place(self, speaker: Speaker, number: int, stamp_ms: int, samples: int) -> int | None:
        """The first sample of the packet; None for one that has come before. ``number`` rises by one with each packet
        of a side, or of both; 0 where the sender does not count."""
        side = self._sides.setdefault(speaker, _Side())
        if number and number in side.places:
            return None
        at = self._at(side, number, stamp_ms * SAMPLES_A_MS - self._shift, samples)
        if at - self._furthest > FARTHEST_AHEAD or self._furthest - at > FARTHEST_BACK:
            self._shift += at - self._furthest
            self.jumps += 1
            at = self._furthest
        at = max(0, at)
        if side.ends is None or at + samples >= side.ends:
            side.number, side.ends = number, at + samples
        self._furthest = max(self._furthest, at + samples)
        if number:
            side.places[number] = at
            while len(side.places) > REMEMBERED:
                side.places.popitem(last=False)
        return at

    def _at(self, side: _Side, number: int, stamped: int, samples: int) -> int:
        """Beside a packet that is placed, where the stamp agrees; else by the stamp alone."""
        nearby = [] if side.ends is None else [side.ends]
        if number - 1 in side.places:
            nearby.append(side.places[number - 1] + samples)
        if number + 1 in side.places:
            nearby.append(side.places[number + 1] - samples)
        best = min(nearby, key=lambda each: abs(each - stamped), default=stamped)
        return best if abs(best - stamped) <= JITTER else stamped
