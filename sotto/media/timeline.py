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
* A gap longer than ``max_gap_ms`` is no gap but a jump of the producer's clock, and so is a new fragment that begins
  more than ``max_back_ms`` before the end of what was received: the call goes on where it was.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from sotto.call.contact import Speaker
from sotto.media.stereo import CHUNK_SAMPLES, SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES, StereoChunk
from sotto.media.track_buffer import SampleCounts, TrackBuffer

_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000
_BLOCK_SAMPLES = 512
# A side silent for longer is placed by timecode, as its predecessor would have done; why read so far back.
_ANCHOR_REACH = 5 * SAMPLE_RATE_HZ
_REMEMBERED_JUMPS = 64
_CHANNELS = (Speaker.CUSTOMER, Speaker.AGENT)


@dataclass(frozen=True, slots=True)
class SamplePlacement:
    """The rules of placement, in milliseconds."""

    tolerance_ms: int = 2
    max_skew_ms: int = 500
    absent_after_ms: int = 1_000
    max_gap_ms: int = 60_000
    max_back_ms: int = 1_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a fragment's first block of one side was placed: exact, whereas timecodes are rounded to milliseconds."""

    speaker: Speaker
    fragment: str
    sample: int


@dataclass(frozen=True, slots=True)
class Resumption:
    """What a successor needs to go on from ``from_sample`` with exactly the samples its predecessor would have sent.

    ``shift`` is how many samples the producer's clock had jumped before it; ``side_shifts`` the same by side, where
    each has a stream, and so a producer, of its own.
    """

    from_sample: int = 0
    anchors: tuple[Anchor, ...] = ()
    shift: int = 0
    side_shifts: tuple[tuple[Speaker, int], ...] = ()

    def of_side(self, speaker: Speaker) -> Resumption:
        """For who reads the stream of this side alone."""
        anchors = tuple(anchor for anchor in self.anchors if anchor.speaker is speaker)
        return Resumption(self.from_sample, anchors, dict(self.side_shifts).get(speaker, self.shift))


class SampleTimeline:
    """``place`` blocks, get chunks, the first of them from ``resumption.from_sample`` on."""

    def __init__(
        self, zero_ms: int, *, resumption: Resumption | None = None, rules: SamplePlacement | None = None
    ) -> None:
        rules, resumption = rules or SamplePlacement(), resumption or Resumption()
        self._zero_ns = zero_ms * 1_000_000
        self._tolerance = rules.tolerance_ms * _SAMPLES_A_MS
        self._skew = rules.max_skew_ms * _SAMPLES_A_MS
        self._absent_after = rules.absent_after_ms * _SAMPLES_A_MS
        self._max_gap = rules.max_gap_ms * _SAMPLES_A_MS
        self._max_back = rules.max_back_ms * _SAMPLES_A_MS
        self._from = resumption.from_sample
        self._anchors = {anchor.speaker: anchor for anchor in resumption.anchors if anchor.sample <= self._from}
        self._sent = min([self._from, *(anchor.sample for anchor in self._anchors.values())])
        at_zero = None if self._from else 0
        begins = {speaker: anchor.sample for speaker, anchor in self._anchors.items()}
        self._channels = {
            speaker: TrackBuffer(self._sent, self._tolerance, begins.get(speaker, at_zero)) for speaker in _CHANNELS
        }
        self._shift = resumption.shift
        self.jumps = 0
        self._before_jumps: deque[tuple[int, int]] = deque(maxlen=_REMEMBERED_JUMPS)

    @property
    def counts(self) -> dict[Speaker, SampleCounts]:
        return {speaker: channel.counts for speaker, channel in self._channels.items()}

    @property
    def sent_samples(self) -> int:
        """Call time of the end of the last chunk."""
        return max(self._sent, self._from)

    @property
    def reads_from_ms(self) -> float:
        """Producer time (Unix epoch) of the first sample that is not sent yet."""
        return self._zero_ns / 1_000_000 + (self._sent + self._shift) / _SAMPLES_A_MS

    def resumption_at(self, sample: int) -> Resumption:
        """For a successor that takes over at this sample (within the last ten minutes, already sent)."""
        found = ((speaker, *channel.fragment_at(sample)) for speaker, channel in self._channels.items())
        anchors = (
            Anchor(speaker, fragment, at)
            for speaker, at, fragment in found
            if fragment and 0 <= sample - at <= _ANCHOR_REACH
        )
        return Resumption(sample, tuple(anchors), self._shift_at(sample))

    def sample_at(self, time_ns: int) -> int:
        """The sample of call time that a block's timecode names."""
        return (2 * (time_ns - self._zero_ns) * _SAMPLES_A_MS + 1_000_000) // 2_000_000 - self._shift

    def clock_is_ahead(self, by_ms: float) -> None:
        """Before the first block: the producer's clock is so far from the one that call time's zero was read from."""
        self._jump(round(by_ms) * _SAMPLES_A_MS)

    def fragment_began(self, time_ns: int) -> None:
        """A new fragment begins here: when that is long before the last one, the clock was set back."""
        received = self._received_until()
        start = self.sample_at(time_ns)
        if received > self._from and received - start > self._max_back:
            self._jump(start - received)

    def place(self, speaker: Speaker, time_ns: int, pcm: bytes, fragment: str = "") -> list[StereoChunk]:
        """Put a block (s16le) where its timecode says; gives the chunks that are complete with it."""
        channel = self._channels[speaker]
        samples = len(pcm) // SAMPLE_WIDTH_BYTES
        start = self.sample_at(time_ns)
        if start - self._received_until() > self._max_gap:
            self._jump(start - self._received_until())
            start = self._received_until()
        first = self._sent
        if (anchor := self._anchors.get(speaker)) is not None:
            if fragment == anchor.fragment:
                start = first = anchor.sample
            elif start + samples <= anchor.sample + self._tolerance:
                channel.counts.early += samples
                return []
            del self._anchors[speaker]
        early = min(samples, max(0, first - start)) if not channel.begun else 0
        if early > self._tolerance:
            channel.counts.early += early
            start, pcm, samples = start + early, pcm[early * SAMPLE_WIDTH_BYTES :], samples - early
        if not samples:
            return []
        channel.add(start, pcm[: samples * SAMPLE_WIDTH_BYTES], fragment)
        return self._complete_chunks()

    def finish(self) -> list[StereoChunk]:
        """The end of the call: everything, the last chunk short."""
        for channel in self._channels.values():
            channel.drain()
        end = max(channel.ready_until for channel in self._channels.values())
        chunks = self._emit(max(end, self._from))
        return [*chunks, *([self._chunk(end - self._sent)] if end > self._sent else [])]

    def _received_until(self) -> int:
        return max(channel.received_until for channel in self._channels.values())

    def _shift_at(self, sample: int) -> int:
        """The successor meets later jumps itself."""
        return next((shift for jumped_at, shift in self._before_jumps if sample < jumped_at), self._shift)

    def _jump(self, samples: int) -> None:
        self._before_jumps.append((self._received_until(), self._shift))
        self._shift += samples
        self.jumps += 1

    def _complete_chunks(self) -> list[StereoChunk]:
        received = self._received_until()
        frontier = min(
            max(side.ready_until, received - self._wait_for(side, received)) for side in self._channels.values()
        )
        return self._emit(frontier) if frontier - max(self._sent, self._from) >= CHUNK_SAMPLES else []

    def _wait_for(self, side: TrackBuffer, received: int) -> int:
        return _BLOCK_SAMPLES if received - side.received_until > self._absent_after else self._skew

    def _emit(self, until: int) -> list[StereoChunk]:
        if self._sent < self._from <= until:
            self._discard(self._from)
        return [self._chunk(CHUNK_SAMPLES) for _ in range((until - self._sent) // CHUNK_SAMPLES)]

    def _discard(self, until: int) -> None:
        """Drop what the predecessor has sent; it was placed only to find the seam to the sample."""
        for channel in self._channels.values():
            channel.fill(until)
            channel.take(until - self._sent)
        self._sent = until

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
