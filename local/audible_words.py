"""A recogniser that reads a transcript must not know more than the audio holds: nothing of a channel that is silent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

from sotto.call.contact import CHANNELS, Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.media.stereo import CHUNK_MS, StereoChunk
from sotto.recognition.recogniser import Recogniser, RecogniserStream, Session


class OnlyAudible:
    """Lets through the words during which their channel carried sound."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.name = recogniser.name
        self.languages = recogniser.languages
        self._recogniser = recogniser

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        async with self._recogniser.open(session) as stream:
            yield _AudibleStream(stream)


class _AudibleStream:
    def __init__(self, stream: RecogniserStream) -> None:
        self._stream = stream
        self._audible: set[tuple[Speaker, int]] = set()

    async def send(self, chunk: StereoChunk) -> None:
        samples = memoryview(chunk.pcm).cast("h")
        for place, channel in enumerate(CHANNELS):
            if any(samples[place::2]):
                self._audible |= {(channel, int(chunk.start_ms // CHUNK_MS)), (channel, int(chunk.end_ms // CHUNK_MS))}
        await self._stream.send(chunk)

    async def finish(self) -> None:
        await self._stream.finish()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        async for result in self._stream:
            words = tuple(word for word in result.words if self._is_audible(result.speaker, word))
            if len(words) == len(result.words):
                yield result
            elif words:
                text = " ".join(word.text for word in words)
                yield replace(result, words=words, text=text, start_ms=words[0].start_ms, end_ms=words[-1].end_ms)

    def _is_audible(self, channel: Speaker, word: Word) -> bool:
        return (channel, int((word.start_ms + word.end_ms) / 2 // CHUNK_MS)) in self._audible
