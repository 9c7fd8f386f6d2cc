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
    """Run ``hear`` and ``confirm`` side by side; ``take`` gets what is ours, finals in order."""

    def __init__(self, take: Callable[[TranscriptResult], Awaitable[None]]) -> None:
        self._take = take
        self._finals: asyncio.Queue[TranscriptResult | None] = asyncio.Queue(FINALS_WAITING)
        self._doubtful: deque[TranscriptResult] = deque()

    @property
    def waiting_from_ms(self) -> list[float]:
        """Where the finals begin that were not taken yet."""
        return [heard.start_ms for heard in self._doubtful]

    async def hear(self, hearing: AudioStream, stream: FailoverStream) -> None:
        """The stream must not wait for an answer, or it would hold up the very audio that brings it. A partial that
        cannot be told now is worth nothing later."""
        async for heard in stream:
            if heard.is_final:
                self._doubtful.append(heard)
                await self._finals.put(heard)
            elif not self._doubtful and hearing.verdict(heard.start_ms, heard.end_ms) is Ownership.OURS:
                await self._take(heard)
        await self._finals.put(None)

    async def confirm(self, hearing: AudioStream) -> None:
        """Another caller's words go no further than here, not even into the redactor."""
        while (heard := await self._finals.get()) is not None:
            if await hearing.settled(heard.start_ms, heard.end_ms) is Ownership.OURS:
                await self._take(heard)
            self._doubtful.popleft()
