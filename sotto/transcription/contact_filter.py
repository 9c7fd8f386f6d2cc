"""Lets through the words that are the contact's own, once that is known."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from sotto.call.transcript_result import TranscriptResult
from sotto.media.isolation import Ownership
from sotto.recognition.recogniser import FailoverStream
from sotto.transcription.ports import AudioStream

FINALS_WAITING = 512


class ContactFilter:
    """Run ``receive`` and ``confirm`` side by side; ``accept`` gets what is ours, finals in order."""

    def __init__(self, accept: Callable[[TranscriptResult], Awaitable[None]]) -> None:
        self._accept = accept
        self._finals: asyncio.Queue[TranscriptResult | None] = asyncio.Queue(FINALS_WAITING)
        self._doubtful: deque[TranscriptResult] = deque()

    @property
    def waiting_from_ms(self) -> list[float]:
        """Where the finals begin that were not accepted yet."""
        return [result.start_ms for result in self._doubtful]

    async def receive(self, audio: AudioStream, results: FailoverStream) -> None:
        """The results must not wait for an answer, or they would hold up the very audio that brings it. An interim that
        cannot be shown now is worth nothing later."""
        async for result in results:
            if result.is_final:
                self._doubtful.append(result)
                await self._finals.put(result)
            elif not self._doubtful and _known_owner(audio, result) is Ownership.OURS:
                await self._accept(result)
        await self._finals.put(None)

    async def confirm(self, audio: AudioStream) -> None:
        """Another caller's words go no further than here, not even into the redactor."""
        while (result := await self._finals.get()) is not None:
            if await audio.owner_of(result.start_ms, result.end_ms, result.speaker) is Ownership.OURS:
                await self._accept(result)
            self._doubtful.popleft()


def _known_owner(audio: AudioStream, result: TranscriptResult) -> Ownership:
    return audio.known_owner(result.start_ms, result.end_ms, result.speaker)
