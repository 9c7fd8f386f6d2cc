"""Puts both sides of a call beside each other, in slices of 100 ms, each of them once and in order.

Packets may come late, doubled and in any order. A slice is done when both sides have all of it; where one side has gone
on for ``skew_ms`` beyond it, what the other has not sent is silence. What comes after that is counted and dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sotto.call.contact import CHANNELS, Speaker

SAMPLES_A_MS = 8
SLICE_MS = 100
SLICE_SAMPLES = SLICE_MS * SAMPLES_A_MS
SKEW_MS = 400
WIDTH = 2


@dataclass(frozen=True, slots=True)
class Slice:
    """``pcm``: of each side, s16le, as long as each other; ``came_ms``: when what completed each side came (the
    caller's clock), None where nothing of it did."""

    start: int
    pcm: dict[Speaker, bytes]
    came_ms: dict[Speaker, float | None]

    @property
    def samples(self) -> int:
        return len(self.pcm[Speaker.CUSTOMER]) // WIDTH

    @property
    def start_ms(self) -> int:
        return self.start // SAMPLES_A_MS


@dataclass(slots=True)
class SideCounts:
    """In samples. ``silence``: that nothing came for; ``late``: that came after its slice; ``doubled``: come before."""

    placed: int = 0
    silence: int = 0
    late: int = 0
    doubled: int = 0


@dataclass(slots=True)
class _Side:
    """``audio`` begins at the first sample that is not handed over; ``spans``: what of it has come, in samples of the
    call, in order and apart from each other."""

    audio: bytearray = field(default_factory=bytearray)
    spans: list[list[int]] = field(default_factory=list)
    came: list[tuple[int, int, float]] = field(default_factory=list)
    """First sample, end and time of each packet whose samples are not all handed over."""
    counts: SideCounts = field(default_factory=SideCounts)

    def frontier(self, least: int) -> int:
        return self.spans[-1][1] if self.spans else least

    def has(self, start: int, end: int) -> bool:
        return any(first <= start and end <= last for first, last in self.spans)


class Slices:
    """``sides``: those that are sent at all; nobody waits for the other."""

    def __init__(self, sides: frozenset[Speaker] = frozenset(CHANNELS), skew_ms: int = SKEW_MS) -> None:
        self._sides = {speaker: _Side() for speaker in CHANNELS}
        self._sent = sides
        self._skew = skew_ms * SAMPLES_A_MS
        self._start = 0

    @property
    def start(self) -> int:
        """The first sample that is not handed over."""
        return self._start

    @property
    def counts(self) -> dict[Speaker, SideCounts]:
        return {speaker: side.counts for speaker, side in self._sides.items()}

    @property
    def frontier(self) -> int:
        """The end of the last sample that has come, or was handed over as silence."""
        return max(side.frontier(self._start) for side in self._sides.values())

    def place(self, speaker: Speaker, at: int, pcm: bytes, came_ms: float) -> list[Slice]:
        """The slices that ``pcm`` completes. Bounded by who calls: it may be at most a minute ahead of the rest."""
        side, end = self._sides[speaker], at + len(pcm) // WIDTH
        if at < self._start:
            side.counts.late += min(end, self._start) - at
            pcm, at = pcm[(self._start - at) * WIDTH :], self._start
        if at >= end:
            return []
        spans = side.spans
        if spans and spans[-1][1] == at:  # nearly always
            side.audio += pcm
            spans[-1][1] = end
            side.counts.placed += end - at
        else:
            self._place_apart(side, at, end, pcm)
        side.came.append((at, end, came_ms))
        return self._done()

    def silence_until(self, sample: int) -> list[Slice]:
        """Nobody has sent anything, nor will: whole slices before ``sample`` are handed over with what has come."""
        found = []
        while self._start + SLICE_SAMPLES <= sample:
            found.append(self._taken(SLICE_SAMPLES))
        return found

    def finish(self) -> list[Slice]:
        """All that has come; the last slice may be shorter."""
        end, found = self.frontier, []
        while self._start < end:
            found.append(self._taken(min(SLICE_SAMPLES, end - self._start)))
        return found

    def _place_apart(self, side: _Side, at: int, end: int, pcm: bytes) -> None:
        """Where there are two samples, the first one wins."""
        short = (end - self._start) * WIDTH - len(side.audio)
        if short > 0:
            side.audio += bytes(short)
        missing, place = [], at
        for first, last in [*side.spans, [end, end]]:
            if place < min(first, end):
                missing.append((place, min(first, end)))
            place = max(place, last)
        for first, last in missing:
            side.audio[(first - self._start) * WIDTH : (last - self._start) * WIDTH] = pcm[
                (first - at) * WIDTH : (last - at) * WIDTH
            ]
        new = sum(last - first for first, last in missing)
        side.counts.placed += new
        side.counts.doubled += end - at - new
        side.spans = _joined([*side.spans, [at, end]])

    def _done(self) -> list[Slice]:
        found = []
        while self._is_done(self._start, self._start + SLICE_SAMPLES):
            found.append(self._taken(SLICE_SAMPLES))
        return found

    def _is_done(self, start: int, end: int) -> bool:
        if self.frontier < end:
            return False
        waits = self.frontier < end + self._skew
        return all(
            side.has(start, end) or not (waits and speaker in self._sent) for speaker, side in self._sides.items()
        )

    def _taken(self, samples: int) -> Slice:
        start, end = self._start, self._start + samples
        pcm: dict[Speaker, bytes] = {}
        came: dict[Speaker, float | None] = {}
        for speaker, side in self._sides.items():
            taken = bytes(side.audio[: samples * WIDTH]).ljust(samples * WIDTH, b"\0")
            del side.audio[: samples * WIDTH]
            had = sum(max(0, min(last, end) - max(first, start)) for first, last in side.spans)
            side.counts.silence += samples - had
            side.spans = [[max(first, end), last] for first, last in side.spans if last > end]
            came[speaker] = max((when for first, last, when in side.came if first < end and start < last), default=None)
            side.came = [each for each in side.came if each[1] > end]
            pcm[speaker] = taken
        self._start = end
        return Slice(start, pcm, came)


def _joined(spans: list[list[int]]) -> list[list[int]]:
    found: list[list[int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found
