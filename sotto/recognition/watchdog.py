"""Notices that somebody speaks and no text arrives: the one failure that a recogniser does not report itself.

Speech differs from silence by its loudness alone. Music on hold is loud too, so a stall raises an alarm and nothing
more: dropping sessions because of it would harm calls that are well.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from sotto.call.contact import CHANNELS, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.core.clock import Clock
from sotto.media.stereo import StereoChunk
from sotto.recognition.recogniser import FailoverStream, ResumableRecogniser, Session

STALLED_MS = 15_000
SPEECH_SHARE = 0.3
"""Speech has pauses: this share of a stretch is loud when somebody talks."""
LOUD_RMS = 300.0
"""Of 32,768: about -41 dBFS. Telephone speech lies at -30 to -15, line noise below -50."""
LOOK_EVERY_MS = 1_000
EVERY_NTH_SAMPLE = 8
_PLACES = {Speaker.CUSTOMER: 0, Speaker.AGENT: 1}


@dataclass(frozen=True, slots=True)
class Stalled:
    """``speech_ms`` of loud audio of ``speaker`` went unanswered; ``call_ms``: how far the call is."""

    tenant: str
    contact_id: str
    provider: str
    speaker: Speaker
    speech_ms: int
    call_ms: int


class NamedRecogniser(ResumableRecogniser, Protocol):
    name: str


class WatchedRecogniser:
    """A recogniser that calls ``on_stall`` once for each stall of a speaker. ``on_stall`` must not block or raise."""

    def __init__(
        self,
        recogniser: NamedRecogniser,
        on_stall: Callable[[Stalled], None],
        clock: Clock,
        *,
        stalled_ms: float = STALLED_MS,
    ) -> None:
        self.name = recogniser.name
        self.languages = recogniser.languages
        self._recogniser = recogniser
        self._on_stall = on_stall
        self._clock = clock
        self._stalled_ms = stalled_ms

    def open(self, session: Session) -> AbstractAsyncContextManager[FailoverStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[FailoverStream]:
        async with self._recogniser.open(session) as stream:
            watched = _WatchedStream(stream, session, self)
            watching = asyncio.create_task(self._watch(watched))
            try:
                yield watched
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self, stream: _WatchedStream) -> None:
        """By the clock, because a provider that takes no more audio holds up whoever sends."""
        while True:
            await self._clock.sleep_ms(LOOK_EVERY_MS)
            for stalled in stream.stalls(self._clock.monotonic_ms(), self._stalled_ms):
                self._on_stall(stalled)

    def now_ms(self) -> float:
        return self._clock.monotonic_ms()


@dataclass(slots=True)
class _Side:
    """What is unanswered of one speaker. ``since_ms``: the clock's time at the first loud chunk."""

    since_ms: float | None = None
    loud_ms: float = 0.0
    reported: bool = False

    def answered(self) -> None:
        self.since_ms, self.loud_ms, self.reported = None, 0.0, False

    def loud(self, now_ms: float, duration_ms: float) -> None:
        if self.since_ms is None:
            self.since_ms = now_ms
        self.loud_ms += duration_ms

    def is_stalled(self, now_ms: float, limit_ms: float) -> bool:
        if self.reported or self.since_ms is None or now_ms - self.since_ms < limit_ms:
            return False
        return self.loud_ms >= limit_ms * SPEECH_SHARE


class _WatchedStream:
    def __init__(self, stream: FailoverStream, session: Session, watcher: WatchedRecogniser) -> None:
        self._stream = stream
        self._session = session
        self._watcher = watcher
        self._sides = {speaker: _Side() for speaker in CHANNELS}
        self._call_ms = session.offset_ms

    @property
    def needed_from_ms(self) -> float:
        return self._stream.needed_from_ms

    async def send(self, chunk: StereoChunk) -> None:
        samples = array("h", chunk.pcm)
        for speaker, side in self._sides.items():
            if is_loud(samples[_PLACES[speaker] :: 2 * EVERY_NTH_SAMPLE]):
                side.loud(self._watcher.now_ms(), chunk.end_ms - chunk.start_ms)
        self._call_ms = chunk.end_ms
        await self._stream.send(chunk)

    async def finish(self) -> None:
        await self._stream.finish()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        async for event in self._stream:
            if event.text:
                self._sides[event.speaker].answered()
            yield event

    def stalls(self, now_ms: float, limit_ms: float) -> list[Stalled]:
        """New ones; each is reported once."""
        found = []
        for speaker, side in self._sides.items():
            if side.is_stalled(now_ms, limit_ms):
                side.reported = True
                found.append(self._stalled(speaker, side))
        return found

    def _stalled(self, speaker: Speaker, side: _Side) -> Stalled:
        return Stalled(
            tenant=self._session.tenant,
            contact_id=self._session.contact_id,
            provider=self._watcher.name,
            speaker=speaker,
            speech_ms=round(side.loud_ms),
            call_ms=round(self._call_ms),
        )


def is_loud(samples: array[int]) -> bool:
    """Root mean square of some samples of one side; a constant offset of the line counts as nothing."""
    if not samples:
        return False
    mean = sum(samples) / len(samples)
    return sqrt(sum(s * s for s in samples) / len(samples) - mean * mean) >= LOUD_RMS
