"""A recording in windows that are recognised apart: cut where both sides are quietest."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sotto.media.stereo import CHUNK_MS, CHUNK_SAMPLES, SAMPLE_RATE_HZ

CHUNK_BYTES = CHUNK_SAMPLES * 4
SHORTEST_MS = 60_000
LONGEST_MS = 90_000
"""Between the two, it is cut."""
PAUSE_MS = 500
"""What is looked for: the quietest so long."""
_PAUSE = PAUSE_MS // CHUNK_MS


@dataclass(frozen=True, slots=True)
class AudioWindow:
    """``from_sample``: frames at 8 kHz since the recording's beginning. ``pcm``: s16le, customer and agent."""

    from_sample: int
    pcm: bytes = field(repr=False)

    @property
    def from_ms(self) -> float:
        return self.from_sample * 1000 / SAMPLE_RATE_HZ

    @property
    def end_sample(self) -> int:
        return self.from_sample + len(self.pcm) // 4


def windows_of(blocks: Iterable[bytes], *, from_sample: int = 0) -> Iterator[AudioWindow]:
    """``blocks`` from the recording's beginning; what lies before ``from_sample`` is passed over."""
    pending, levels, at = bytearray(), list[int](), from_sample
    left = from_sample * 4
    for block in blocks:
        if left:
            left, block = max(0, left - len(block)), block[left:]
        pending += block
        while len(pending) >= (len(levels) + 1) * CHUNK_BYTES:
            levels.append(_level(pending[len(levels) * CHUNK_BYTES : (len(levels) + 1) * CHUNK_BYTES]))
            if len(levels) * CHUNK_MS >= LONGEST_MS:
                cut = _quietest(levels)
                window = AudioWindow(at, bytes(pending[: cut * CHUNK_BYTES]))
                yield window
                del pending[: cut * CHUNK_BYTES], levels[:cut]
                at = window.end_sample
    if pending:
        yield AudioWindow(at, bytes(pending))


def _level(chunk: bytes | bytearray) -> int:
    samples = array("h", bytes(chunk))
    return max(max(samples), -min(samples))


def _quietest(levels: list[int]) -> int:
    """How many chunks to take: to the middle of the quietest pause, the later of two that are alike."""
    first = SHORTEST_MS // CHUNK_MS
    starts = range(first, len(levels) - _PAUSE + 1)
    best = min(starts, key=lambda start: (sum(levels[start : start + _PAUSE]), -start))
    return best + _PAUSE // 2
