"""One side of a call: blocks that wait for their turn, and the samples that are ready."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass

from sotto.media.stereo import SAMPLE_WIDTH_BYTES

# About ten minutes of fragments: no final takes longer to be committed.
_MARKS = 600


@dataclass(slots=True)
class SampleCounts:
    """Samples of one channel.

    ``placed`` as received, ``filled`` with silence, ``late`` (their time was already sent), ``duplicated`` (something
    was there already), ``early`` (before the first sample wanted). A half sample at the end of a block is none.
    """

    placed: int = 0
    filled: int = 0
    late: int = 0
    duplicated: int = 0
    early: int = 0


@dataclass(order=True, frozen=True, slots=True)
class EarlyBlock:
    """One that came before the audio that it continues; among those of one start, the first to come is first."""

    start: int
    seq: int
    pcm: bytes
    fragment: str


class TrackBuffer:
    """One side: blocks that wait for their turn, and the samples that are ready from ``sent`` on."""

    def __init__(self, sent: int, tolerance: int, begins: int | None) -> None:
        """``begins`` is the sample that the first block continues at, None when only its timecode can tell."""
        self.counts = SampleCounts()
        self.received_until = sent
        self._tolerance = tolerance
        self._waiting: list[EarlyBlock] = []
        self._seq = 0
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

    def add(self, start: int, pcm: bytes, fragment: str) -> None:
        """Samples that begin at ``start``: ready if they continue what is, else they wait for what is missing."""
        self.received_until = max(self.received_until, start + len(pcm) // SAMPLE_WIDTH_BYTES)
        if not self._waiting and self._continue(start):
            self._append(start, pcm, fragment)
            return
        self._seq += 1
        heapq.heappush(self._waiting, EarlyBlock(start, self._seq, pcm, fragment))
        self._join()

    def fill(self, until: int) -> None:
        """Have samples ready until there: what waits, and silence between."""
        self._join()
        while self.ready_until < until:
            upto = min(until, self._waiting[0].start) if self._waiting else until
            silence = upto - self.ready_until
            self._ready += bytes(silence * SAMPLE_WIDTH_BYTES)
            self.counts.filled += silence
            self._continues = False
            self._join()

    def drain(self) -> None:
        """Have everything ready that was received."""
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

    def _continue(self, start: int) -> bool:
        return start <= self.ready_until + self._tolerance * self._continues

    def _join(self) -> None:
        """Append every waiting block that continues what is ready."""
        while self._waiting and self._continue(self._waiting[0].start):
            block = heapq.heappop(self._waiting)
            self._append(block.start, block.pcm, block.fragment)

    def _append(self, start: int, pcm: bytes, fragment: str) -> None:
        samples, counts = len(pcm) // SAMPLE_WIDTH_BYTES, self.counts
        overlap = self.ready_until - start
        if self._continues and abs(overlap) <= self._tolerance:
            overlap = 0
        new = samples - overlap
        if overlap and new <= self._tolerance:
            # A repeat whose timecode is a little later has a tail of its own, which is no new audio either.
            new = 0
        lost = samples - new
        late = min(lost, max(0, self._sent - start))
        counts.late += late
        counts.duplicated += lost - late
        if new:
            if not self._marks or self._marks[-1][1] != fragment:
                self._marks.append((self.ready_until - lost, fragment))
            self._ready += pcm[lost * SAMPLE_WIDTH_BYTES :]
            counts.placed += new
            self._continues = True
