"""Kinesis Video Streams without a network: one stream, its quotas and its dropped connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from local.aws.kinesis_video.muxer import error_media
from local.aws.kinesis_video.stream import FragmentNotFound, LiveStream
from sotto.core.clock import Clock
from sotto.media.media_source import MediaRefused, MediaStart, MediaUnavailable, StartKind

CONNECTIONS_A_STREAM = 3
FRAGMENTS_A_SECOND = 5


class StreamInMemory:
    """A MediaSource."""

    def __init__(self, stream: LiveStream, clock: Clock, *, piece_bytes: int = 8 << 10) -> None:
        self._stream = stream
        self._clock = clock
        self._piece_bytes = piece_bytes
        self.opened = 0

    @asynccontextmanager
    async def open(self, stream_arn: str, start: MediaStart) -> AsyncIterator[AsyncIterator[bytes]]:
        if stream_arn != self._stream.arn:
            raise MediaRefused("ResourceNotFoundException")
        if self._stream.readers >= CONNECTIONS_A_STREAM:
            raise MediaUnavailable("ConnectionLimitExceededException")
        self._stream.readers += 1
        self.opened += 1
        try:
            yield self._media(start)
        finally:
            self._stream.readers -= 1

    def _media(self, start: MediaStart) -> AsyncIterator[bytes]:
        try:
            return self._pieces(self._position(start))
        except FragmentNotFound:
            return _failing()

    def _position(self, start: MediaStart) -> int:
        match start.kind:
            case StartKind.CONTINUATION_TOKEN | StartKind.AFTER_FRAGMENT:
                return self._stream.after(start.value)
            case StartKind.EARLIEST:
                return 0
            case StartKind.NOW:
                return self._stream.newest
        return self._stream.position_at(start.at_ms, server_time=start.kind is StartKind.SERVER_TIMESTAMP)

    async def _pieces(self, index: int) -> AsyncIterator[bytes]:
        drops = self._stream.drops
        async for position, fragment in self._stream.read(index):
            media = fragment.media(fragment.number, self._stream.lag_ms(position))
            for at in range(0, len(media), self._piece_bytes):
                if self._stream.drops != drops:
                    raise MediaUnavailable("the connection was dropped")
                yield media[at : at + self._piece_bytes]
            if position + 1 < self._stream.newest:
                await self._clock.sleep_ms(1000 / FRAGMENTS_A_SECOND)
        if self._stream.drops != drops:
            raise MediaUnavailable("the connection was dropped")


async def _failing() -> AsyncIterator[bytes]:
    yield error_media(4000, "FRAGMENT_NOT_FOUND")
