"""Places the blocks of both tracks on one clock: two channels at 8 kHz, aligned to the sample, cut into 100 ms chunks.

How a block's place is found:

* by its timecode, which counts milliseconds, so it is up to 4 samples off the truth. A block that lies within
  ``tolerance_ms`` (2 ms) of the end of the audio before it therefore continues it without a seam. The difference is
  measured against the block's own timecode every time, so it never adds up: a track whose samples and timecodes drift
  apart is put back on its timecode as soon as they differ by more.
* Where there is none, there is silence. Where there are two, the first sample wins.
* Blocks may arrive in any order while their time is not yet emitted; what comes after that is counted and dropped.
* One side never waits for the other longer than ``max_skew_ms`` of media time; for a side that has been absent for
  ``absent_after_ms``, only for one block (64 ms).
* A gap longer than ``max_gap_ms`` is no gap but a jump of the producer's clock: the call goes on without it.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass

from sotto.audio.stereo import CHUNK_SAMPLES, SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES, StereoChunk
from sotto.contact.contact import Speaker

_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000
_BLOCK_SAMPLES = 512
_CHANNELS = (Speaker.CUSTOMER, Speaker.AGENT)


@dataclass(frozen=True, slots=True)
class Placement:
    """The rules of placement, in milliseconds."""

    tolerance_ms: int = 2
    max_skew_ms: int = 500
    absent_after_ms: int = 1_000
    max_gap_ms: int = 60_000


@dataclass(slots=True)
class Counts:
    """Samples of one channel: ``placed`` as heard, ``filled`` with silence, ``late`` (their time was already sent),
    ``duplicated`` (something was there already), ``early`` (before the first sample wanted), ``odd_bytes`` left over."""

    placed: int = 0
    filled: int = 0
    late: int = 0
    duplicated: int = 0
    early: int = 0
    odd_bytes: int = 0


@dataclass(order=True, slots=True)
class _Waiting:
    start: int
    seq: int
    pcm: bytes
    fragment: str


class _Channel:
    """One side: blocks that wait for their turn, and the samples that are ready from ``sent`` on."""

    def __init__(self, sent: int, tolerance: int) -> None:
        self.counts = Counts()
        self.last_heard = sent
        self._tolerance = tolerance
        self._waiting: list[_Waiting] = []
        self._ready = bytearray()
        self._sent = sent
        self._continues = True
        self._marks: deque[tuple[int, str]] = deque()

    @property
    def ready_until(self) -> int:
        return self._sent + len(self._ready) // SAMPLE_WIDTH_BYTES

    def add(self, block: _Waiting) -> None:
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
        while len(self._marks) > 1 and self._marks[1][0] <= sample:
            self._marks.popleft()
        return self._marks[0] if self._marks else (sample, "")

    def _append(self, block: _Waiting) -> None:
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
                self._marks.append((self.ready_until, block.fragment))
            self._ready += block.pcm[lost * SAMPLE_WIDTH_BYTES :]
            counts.placed += new
            self._continues = True


class Timeline:
    """``place`` blocks, get chunks. ``from_sample`` is the first sample wanted (a successor starts in mid-call)."""

    def __init__(self, zero_ms: int, *, from_sample: int = 0, rules: Placement | None = None) -> None:
        rules = rules or Placement()
        self._zero_ns = zero_ms * 1_000_000
        self._tolerance = rules.tolerance_ms * _SAMPLES_A_MS
        self._skew = rules.max_skew_ms * _SAMPLES_A_MS
        self._absent_after = rules.absent_after_ms * _SAMPLES_A_MS
        self._max_gap = rules.max_gap_ms * _SAMPLES_A_MS
        self._channels = {speaker: _Channel(from_sample, self._tolerance) for speaker in _CHANNELS}
        self._from = self._sent = from_sample
        self._seq = 0
        self._shift = 0
        self.jumps = 0

    @property
    def counts(self) -> dict[Speaker, Counts]:
        return {speaker: channel.counts for speaker, channel in self._channels.items()}

    @property
    def sent_samples(self) -> int:
        """Call time of the end of the last chunk."""
        return self._sent

    def sample_at(self, time_ns: int) -> int:
        """The sample of call time that a block's timecode names."""
        return (2 * (time_ns - self._zero_ns) * _SAMPLES_A_MS + 1_000_000) // 2_000_000 - self._shift

    def place(self, speaker: Speaker, time_ns: int, pcm: bytes, fragment: str = "") -> list[StereoChunk]:
        """Put a block (s16le) where its timecode says; gives the chunks that are complete with it."""
        channel = self._channels[speaker]
        start = self._without_jump(time_ns)
        samples, odd = divmod(len(pcm), SAMPLE_WIDTH_BYTES)
        channel.counts.odd_bytes += odd
        early = min(samples, max(0, self._from - start))
        if early > self._tolerance:
            channel.counts.early += early
            start, pcm, samples = start + early, pcm[early * SAMPLE_WIDTH_BYTES :], samples - early
        if not samples:
            return []
        self._seq += 1
        channel.add(_Waiting(start, self._seq, pcm[: samples * SAMPLE_WIDTH_BYTES], fragment))
        channel.join()
        return self._complete_chunks()

    def finish(self) -> list[StereoChunk]:
        """The end of the call: everything, the last chunk short."""
        for channel in self._channels.values():
            channel.drain()
        end = max(channel.ready_until for channel in self._channels.values())
        chunks = self._emit(end)
        return [*chunks, *([self._chunk(end - self._sent)] if end > self._sent else [])]

    def _without_jump(self, time_ns: int) -> int:
        start = self.sample_at(time_ns)
        heard = max(channel.last_heard for channel in self._channels.values())
        if start - heard > self._max_gap:
            self._shift += start - heard
            self.jumps += 1
            return heard
        return start

    def _complete_chunks(self) -> list[StereoChunk]:
        customer, agent = self._channels.values()
        both = min(customer.ready_until, agent.ready_until)
        # An unchanged frontier is by far the most common case: most blocks complete no chunk.
        heard = max(customer.last_heard, agent.last_heard)
        behind = min(customer.last_heard, agent.last_heard)
        wait = _BLOCK_SAMPLES if heard - behind > self._absent_after else self._skew
        frontier = max(both, heard - wait)
        return self._emit(frontier) if frontier - self._sent >= CHUNK_SAMPLES else []

    def _emit(self, until: int) -> list[StereoChunk]:
        return [self._chunk(CHUNK_SAMPLES) for _ in range((until - self._sent) // CHUNK_SAMPLES)]

    def _chunk(self, samples: int) -> StereoChunk:
        start, end = self._sent, self._sent + samples
        frames = bytearray(2 * SAMPLE_WIDTH_BYTES * samples)
        interleaved = memoryview(frames).cast("h")
        fragments = []
        for position, channel in enumerate(self._channels.values()):
            channel.fill(end)
            fragments.append(channel.fragment_at(start))
            interleaved[position::2] = memoryview(channel.take(samples)).cast("h")
        self._sent = end
        return StereoChunk(start, bytes(frames), min(fragments)[1] or max(fragments)[1])
