"""The tenant's recogniser, given a redacted recording: as fast as the provider takes audio, several parts at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from sotto.call.contact import Contact
from sotto.call.transcript_result import TranscriptResult
from sotto.core.clock import Clock
from sotto.core.errors import first_error
from sotto.media.stereo import CHUNK_MS, CHUNK_SAMPLES, StereoChunk
from sotto.recognition.recogniser import (
    LanguageNotRecognised,
    Recogniser,
    RecogniserRefused,
    RecogniserUnavailable,
    Session,
)
from sotto.recordings.ports import Window

_CHUNK_BYTES = CHUNK_SAMPLES * 4
OUR_TIME_MS = 12 * 60_000
"""Of Lambda's fifteen minutes, what one pass of a recording may take."""
PASSES = 2


@dataclass(frozen=True, slots=True)
class Pace:
    """How a provider takes recordings. ``speed``: times as fast as they were spoken, at most; None: as fast as it can,
    which is reckoned to be ``expected``. ``at_once``: parts side by side."""

    at_once: int
    speed: float | None = None
    expected: float = 10.0

    @property
    def recording_ms_in_time(self) -> float:
        return OUR_TIME_MS / PASSES * self.at_once * (self.speed or self.expected)


class TenantsRetranscriber:
    """A Retranscriber. ``providers``: of a tenant, the preferred first; ``words``: what its recognisers are given."""

    def __init__(
        self,
        providers: Callable[[str], Sequence[Recogniser]],
        words: Callable[[str], tuple[tuple[str, ...], tuple[str, ...]]],
        pace: Callable[[str], Pace],
        clock: Clock,
    ) -> None:
        self._providers = providers
        self._words = words
        self._pace = pace
        self._clock = clock

    def longest_ms(self, tenant: str) -> float:
        return min(self._pace(each.name).recording_ms_in_time for each in self._providers(tenant))

    def finals(self, contact: Contact, windows: Sequence[Window]) -> list[list[TranscriptResult]]:
        """Raises LanguageNotRecognised, and RecogniserUnavailable where each provider failed."""
        able = [each for each in self._providers(contact.tenant) if contact.language in each.languages]
        failed: Exception = LanguageNotRecognised("no recogniser knows the language of the recording")
        for provider in able:
            try:
                return self._by(provider, contact, windows)
            except (RecogniserUnavailable, RecogniserRefused) as error:
                failed = error
        raise failed

    def _by(self, provider: Recogniser, contact: Contact, windows: Sequence[Window]) -> list[list[TranscriptResult]]:
        pace = self._pace(provider.name)
        words, names = self._words(contact.tenant)
        session = Session(
            contact.tenant, contact.contact_id, contact.language, words=words, names=names, interims=False
        )

        def one(window: Window) -> list[TranscriptResult]:
            begins = replace(session, offset_ms=window.from_ms)
            try:
                return asyncio.run(self._window(provider, begins, window, pace.speed))
            except BaseExceptionGroup as group:
                raise first_error(group) from group

        with ThreadPoolExecutor(pace.at_once, thread_name_prefix="retranscribe") as threads:
            return list(threads.map(one, windows))

    async def _window(
        self, provider: Recogniser, session: Session, window: Window, speed: float | None
    ) -> list[TranscriptResult]:
        async with provider.open(session) as stream, asyncio.TaskGroup() as both:

            async def feed() -> None:
                for chunk in _chunks(window.blocks(), round(window.from_ms * CHUNK_SAMPLES / CHUNK_MS)):
                    await stream.send(chunk)
                    if speed is not None:
                        await self._clock.sleep_ms(CHUNK_MS / speed)
                await stream.finish()

            async def collect() -> list[TranscriptResult]:
                return [result async for result in stream if result.is_final and result.text]

            both.create_task(feed())
            collecting = both.create_task(collect())
        return collecting.result()


def _chunks(blocks: Iterable[bytes], first_sample: int) -> Iterator[StereoChunk]:
    pending, at = bytearray(), first_sample
    for block in blocks:
        pending += block
        while len(pending) >= _CHUNK_BYTES:
            yield StereoChunk(at, bytes(pending[:_CHUNK_BYTES]))
            at += CHUNK_SAMPLES
            del pending[:_CHUNK_BYTES]
    if pending:
        yield StereoChunk(at, bytes(pending))
