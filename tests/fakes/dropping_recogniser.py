"""A provider whose sockets drop where a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sotto.call.transcript_result import TranscriptResult
from sotto.media.stereo import StereoChunk
from sotto.recognition.recogniser import Recogniser, RecogniserStream, RecogniserUnavailable, Session


class DroppingRecogniser:
    """The n-th session drops after ``drops[n]`` chunks (0: refused at once); later sessions hold."""

    def __init__(self, inner: Recogniser, drops: Sequence[int]) -> None:
        self.name = f"dropping {inner.name}"
        self.languages = inner.languages
        self.offsets_ms: list[float] = []
        self.listens = asyncio.Event()
        """From the first session that was not refused."""
        self._inner = inner
        self._drops = list(drops)

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        self.offsets_ms.append(session.offset_ms)
        chunks_left = self._drops.pop(0) if self._drops else None
        if chunks_left == 0:
            raise RecogniserUnavailable("refused")
        async with self._inner.open(session) as stream:
            self.listens.set()
            yield _DroppingStream(stream, chunks_left)


class _DroppingStream:
    def __init__(self, inner: RecogniserStream, chunks_left: int | None) -> None:
        self._inner = inner
        self._chunks_left = chunks_left
        self._dropped = False

    async def send(self, chunk: StereoChunk) -> None:
        if self._dropped:
            raise RecogniserUnavailable("dropped")
        await self._inner.send(chunk)
        if self._chunks_left is not None:
            self._chunks_left -= 1
            if self._chunks_left == 0:
                # What was heard before the drop may still arrive; what was being settled does not.
                self._dropped = True
                await self._inner.finish()

    async def finish(self) -> None:
        if not self._dropped:
            await self._inner.finish()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        async for event in self._inner:
            if not (self._dropped and event.is_final):
                yield event
        if self._dropped:
            raise RecogniserUnavailable("dropped")
