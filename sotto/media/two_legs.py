"""Reads a call whose sides have a stream each, as a SIPREC recorder sends it: both on one clock, in 100 ms chunks.

Each side is read by a StreamReader of its own, on the same call time; here their chunks are put together. A side is
waited for while its audio may still be on its way, so what reaches the recogniser does not depend on which stream was
quicker; it is silence where there is none. What comes for a time that has gone is counted and dropped.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sotto.call.contact import CHANNELS, Contact, MediaLeg, Speaker
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.media.isolation import Ownership
from sotto.media.media_source import MediaSource
from sotto.media.stereo import CHUNK_SAMPLES, SAMPLE_WIDTH_BYTES, StereoChunk
from sotto.media.stream_reader import ConnectionCounts, StreamReader, StreamReaderRules
from sotto.media.timeline import Resumption
from sotto.media.track_buffer import SampleCounts

LegsByNow = Callable[[], Sequence[MediaLeg]]


@dataclass(frozen=True, slots=True)
class TwoLegRules:
    """How long a chunk of one side waits for the other side's, in milliseconds since it came and since the other's
    stream has brought anything: ``quiet_ms`` where that has sent all it holds (longer than a fragment is), ``slow_ms``
    where it is behind. One that is being opened again is waited for until its reader gives up. A side that nobody has
    told of is waited for ``second_leg_ms`` from the beginning on, and looked for every ``look_ms``.

    ``reader``: a recorder sends nothing at all while a call is on hold, so a leg may be idle for long.
    ``most_waiting``: chunks of one side; what does not fit stays in the stream.
    """

    quiet_ms: int = 3_000
    slow_ms: int = 30_000
    second_leg_ms: int = 10_000
    look_ms: int = 500
    behind_ms: int = 1_000
    most_waiting: int = 100
    reader: StreamReaderRules = field(default_factory=lambda: StreamReaderRules(idle_ms=600_000))


@dataclass(slots=True)
class _Side:
    """``late`` counts samples that came for a time that had gone."""

    speaker: Speaker
    reader: StreamReader | None = None
    waiting: deque[tuple[float, StereoChunk]] = field(default_factory=deque)
    ended: bool = False
    failure: Exception | None = None
    late: int = 0

    @property
    def is_over(self) -> bool:
        return self.ended and not self.waiting

    def head(self, at: int) -> tuple[float, StereoChunk] | None:
        """When the chunk at this sample came, and the chunk."""
        while self.waiting and self.waiting[0][1].start_sample < at:
            self.late += self.waiting.popleft()[1].samples
        return self.waiting[0] if self.waiting and self.waiting[0][1].start_sample == at else None


class TwoLegReader:
    """An AudioStream. Iterate it once, within ``async with``. ``legs_by_now``: what is known of the contact's legs; may
    block, and raise Retryable. Iterating raises what StreamReader raises."""

    def __init__(
        self,
        contact: Contact,
        media: MediaSource,
        clock: Clock,
        *,
        legs_by_now: LegsByNow,
        resumption: Resumption | None = None,
        rules: TwoLegRules | None = None,
    ) -> None:
        self._contact, self._media, self._clock = contact, media, clock
        self._legs_by_now = legs_by_now
        self._resumption = resumption or Resumption()
        self._rules = rules or TwoLegRules()
        self._sides = {speaker: _Side(speaker) for speaker in CHANNELS}
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._until_ms: float | None = None
        self._opened_ms = 0.0
        self._chunks = self._read()

    def __aiter__(self) -> AsyncIterator[StereoChunk]:
        return self._chunks

    async def __aenter__(self) -> TwoLegReader:
        self._opened_ms = self._clock.monotonic_ms()
        for leg in self._contact.legs:
            self._begin(leg)
        if self._unknown() and self._contact.sides > 1:
            self._tasks.append(asyncio.create_task(self._look_for_legs()))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._chunks.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def contact_ended(self, until_ms: float = float("inf")) -> None:
        """As of StreamReader, for both sides."""
        self._until_ms = until_ms
        for reader in self._readers():
            reader.contact_ended(until_ms)

    def resumption_at(self, sample: int) -> Resumption:
        found = {side.speaker: side.reader.resumption_at(sample) for side in self._sides.values() if side.reader}
        anchors = tuple(anchor for each in found.values() for anchor in each.anchors)
        return Resumption(sample, anchors, 0, tuple((speaker, each.shift) for speaker, each in found.items()))

    def known_owner(self, start_ms: float, end_ms: float, speaker: Speaker | None = None) -> Ownership:
        """Of the words of ``speaker``, or of anybody's."""
        owners = {reader.known_owner(start_ms, end_ms) for reader in self._readers(speaker)}
        if Ownership.FOREIGN in owners:
            return Ownership.FOREIGN
        return Ownership.UNKNOWN if Ownership.UNKNOWN in owners else Ownership.OURS

    async def owner_of(self, start_ms: float, end_ms: float, speaker: Speaker | None = None) -> Ownership:
        for reader in self._readers(speaker):
            await reader.owner_of(start_ms, end_ms)
        return self.known_owner(start_ms, end_ms, speaker)

    @property
    def connections(self) -> ConnectionCounts:
        """Of both sides together."""
        total = ConnectionCounts()
        for reader in self._readers():
            for name in ConnectionCounts.__slots__:
                setattr(total, name, getattr(total, name) + getattr(reader.connections, name))
        return total

    @property
    def timeline(self) -> TwoLegReader:
        """As StreamReader has one, whose counts are of interest."""
        return self

    @property
    def counts(self) -> dict[Speaker, SampleCounts]:
        """Of each side as its own reader counts, with what came too late to be put beside the other."""
        counted: dict[Speaker, SampleCounts] = {}
        for speaker, side in self._sides.items():
            own = side.reader.timeline.counts[speaker] if side.reader else SampleCounts()
            counted[speaker] = SampleCounts(own.placed, own.filled, own.late + side.late, own.duplicated, own.early)
        return counted

    def _readers(self, speaker: Speaker | None = None) -> list[StreamReader]:
        return [
            side.reader
            for side in self._sides.values()
            if side.reader and speaker in (None, Speaker.SYSTEM, side.speaker)
        ]

    def _unknown(self) -> list[_Side]:
        return [side for side in self._sides.values() if side.reader is None]

    def _begin(self, leg: MediaLeg) -> None:
        side = self._sides[leg.speaker]
        if side.reader is not None:
            return
        resumption = self._resumption.of_side(leg.speaker)
        side.reader = StreamReader(
            self._contact, self._media, self._clock, resumption=resumption, rules=self._rules.reader, leg=leg
        )
        if self._until_ms is not None:
            side.reader.contact_ended(self._until_ms)
        self._tasks.append(asyncio.create_task(self._receive(side, side.reader)))

    async def _look_for_legs(self) -> None:
        while self._unknown():
            await self._clock.sleep_ms(self._rules.look_ms)
            with suppress(Retryable):
                for leg in await asyncio.to_thread(self._legs_by_now):
                    self._begin(leg)
            self._wake()

    async def _receive(self, side: _Side, reader: StreamReader) -> None:
        try:
            async with reader:
                async for chunk in reader:
                    while len(side.waiting) >= self._rules.most_waiting:
                        await self._changed.wait()
                    side.waiting.append((self._clock.monotonic_ms(), chunk))
                    self._wake()
        except Exception as error:  # raised by who iterates
            side.failure = error
        finally:
            side.ended = True
            self._wake()

    async def _read(self) -> AsyncGenerator[StereoChunk, None]:
        at = self._resumption.from_sample
        while (chunk := await self._next(at)) is not None:
            yield chunk
            at += chunk.samples

    async def _next(self, at: int) -> StereoChunk | None:
        """The chunk at this sample, once it is whole or nobody need be waited for; None at the end."""
        while True:
            changed = self._changed
            heads = {speaker: side.head(at) for speaker, side in self._sides.items()}
            for side in self._sides.values():
                if side.failure is not None and not side.waiting:
                    raise side.failure
            missing = [side for speaker, side in self._sides.items() if heads[speaker] is None]
            came_ms = max((head[0] for head in heads.values() if head is not None), default=None)
            wait_ms = max((self._wait_ms(side, came_ms) for side in missing), default=0.0)
            if wait_ms <= 0:
                break
            await self._changed_within(changed, wait_ms)
        if came_ms is None:
            return None
        chunk = self._joined(at, {speaker: head[1] for speaker, head in heads.items() if head is not None})
        for speaker, head in heads.items():
            if head is not None:
                self._sides[speaker].waiting.popleft()
        self._wake()
        return chunk

    def _wait_ms(self, side: _Side, came_ms: float | None) -> float:
        """How long this side may still be waited for, which has no chunk; ``came_ms``: when the other's came."""
        if side.is_over:
            return 0.0
        now_ms = self._clock.monotonic_ms()
        if side.reader is None:
            return self._opened_ms + self._rules.second_leg_ms - now_ms if self._contact.sides > 1 else 0.0
        if came_ms is None or not side.reader.is_connected:
            return float("inf")
        behind_ms = side.reader.millis_behind_now or 0
        patience_ms = self._rules.slow_ms if behind_ms > self._rules.behind_ms else self._rules.quiet_ms
        return max(came_ms, side.reader.active_ms) + patience_ms - now_ms

    async def _changed_within(self, changed: asyncio.Event, wait_ms: float) -> None:
        if wait_ms == float("inf"):
            await changed.wait()
            return
        waits = [asyncio.ensure_future(changed.wait()), asyncio.ensure_future(self._clock.sleep_ms(wait_ms))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    def _wake(self) -> None:
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()

    def _joined(self, at: int, parts: dict[Speaker, StereoChunk]) -> StereoChunk:
        """Both sides in one, silence for one that has none. Only the call's last chunk is short: while a side may go
        on, the other's last one is filled up."""
        ends = all(side.ended and len(side.waiting) <= 1 for side in self._sides.values() if side.reader is not None)
        samples = max(part.samples for part in parts.values()) if ends else CHUNK_SAMPLES
        frames = bytearray(len(CHANNELS) * SAMPLE_WIDTH_BYTES * samples)
        interleaved = memoryview(frames).cast("h")
        for position, speaker in enumerate(CHANNELS):
            if (part := parts.get(speaker)) is not None:
                interleaved[position : 2 * part.samples : 2] = memoryview(part.pcm).cast("h")[position::2]
        fragment = next((part.fragment for part in parts.values() if part.fragment), "")
        return StereoChunk(at, bytes(frames), fragment)
