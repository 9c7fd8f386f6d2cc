"""One side of a call: blocks that wait for their turn, and the samples that are ready."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass

from sotto.media.stereo import SAMPLE_WIDTH_BYTES

# About ten minutes of fragments: no final takes longer to settle.
_MARKS = 600


@dataclass(slots=True)
class SampleCounts:
    """Samples of one channel.

    ``placed`` as heard, ``filled`` with silence, ``late`` (their time was already sent), ``duplicated`` (something was
    there already), ``early`` (before the first sample wanted); ``odd_bytes`` are half samples at the end of blocks.
    """

    placed: int = 0
    filled: int = 0
    late: int = 0
    duplicated: int = 0
    early: int = 0
    odd_bytes: int = 0


@dataclass(order=True, slots=True)
class PendingSamples:
    start: int
    seq: int
    pcm: bytes
    fragment: str


class TrackBuffer:
    """One side: blocks that wait for their turn, and the samples that are ready from ``sent`` on."""

    def __init__(self, sent: int, tolerance: int, begins: int | None) -> None:
        """``begins`` is the sample that the first block continues at, None when only its timecode can tell."""
        self.counts = SampleCounts()
        self.last_heard = sent
        self._tolerance = tolerance
        self._waiting: list[PendingSamples] = []
        self._ready = bytearray(((begins or sent) - sent) * SAMPLE_WIDTH_BYTES)
        self._sent = sent
        self._continues = begins is not None
        self._marks: deque[tuple[int, str]] = deque(maxlen=_MARKS)

    @property
    def ready_until(self) -> int:
        return self._sent + len(self._ready) // SAMPLE_WIDTH_BYTES

    @property
    def begun(self) -> bool:
        return bool(self._marks)

    def add(self, block: PendingSamples) -> None:
        heapq.heappush(self._waiting, block)
        self.last_heard = max(self.last_heard, block.start + len(block.pcm) // SAMPLE_WIDTH_BYTES)

    def join(self) -> None:
        """Append every waiting block that continues what is ready."""
        while self._waiting and self._waiting[0].start <= self.ready_until + self._tolerance * self._continues:
            self._append(heapq.heappop(self._waiting))

    def fill(self, until: int) -> None:
        """Have samples ready until there: what waits, and silence between."""
        self.join()
        while self.ready_until < until:
            upto = min(until, self._waiting[0].start) if self._waiting else until
            silence = upto - self.ready_until
            self._ready += bytes(silence * SAMPLE_WIDTH_BYTES)
            self.counts.filled += silence
            self._continues = False
            self.join()

    def drain(self) -> None:
        """Have everything ready that was heard."""
        while self._waiting:
            self.fill(self._waiting[0].start)

    def take(self, samples: int) -> bytes:
        size = samples * SAMPLE_WIDTH_BYTES
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        self._sent += samples
        return taken

    def fragment_at(self, sample: int) -> tuple[int, str]:
        """Where the fragment begins that holds this sample (or the last one before it), and its number."""
        for mark in reversed(self._marks):
            if mark[0] <= sample:
                return mark
        return self._marks[0] if self._marks else (sample, "")

    def _append(self, block: PendingSamples) -> None:
        samples, counts = len(block.pcm) // SAMPLE_WIDTH_BYTES, self.counts
        overlap = self.ready_until - block.start
        if self._continues and abs(overlap) <= self._tolerance:
            overlap = 0
        new = samples - overlap
        if overlap and new <= self._tolerance:
            # A repeat whose timecode is a little later has a tail of its own, which is no new audio either.
            new = 0
        lost = samples - new
        late = min(lost, max(0, self._sent - block.start))
        counts.late += late
        counts.duplicated += lost - late
        if new:
            if not self._marks or self._marks[-1][1] != block.fragment:
                self._marks.append((self.ready_until - lost, block.fragment))
            self._ready += block.pcm[lost * SAMPLE_WIDTH_BYTES :]
            counts.placed += new
            self._continues = True
