"""What every source of media must do, as a class of tests to inherit.

A subclass gives ``stream``, whose ARN is ``ARN`` and which tests fill, and ``source``, which reads it (fixtures).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from local.aws.kinesis_video.muxer import StoredFragment, fragments_of
from local.aws.kinesis_video.stream import LiveStream, play
from sotto.core.clock import SystemClock
from sotto.media.media_source import MediaRefused, MediaSource, MediaStart, MediaUnavailable, StartKind
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import FragmentEnded, MediaFailed

ARN = "arn:aws:kinesisvideo:eu-west-1:111122223333:stream/connect-test/1600000000000"
STARTED_MS = 1_726_677_688_724
EARLIEST = MediaStart(StartKind.EARLIEST)


async def filled(stream: LiveStream, seconds: int = 5, *, end: bool = True) -> list[StoredFragment]:
    silence = bytes(seconds * 32_000)
    fragments = list(fragments_of(silence, contact_id="c-1", instance_id="i", started_at_ms=STARTED_MS))
    await play(stream, fragments, SystemClock(), speed=0, end=end)
    return fragments


async def numbers_of(pieces: AsyncIterator[bytes]) -> list[str]:
    """Of the fragments that are whole."""
    reader = FragmentReader()
    events = [event async for piece in pieces for event in reader.feed(piece)] + reader.close()
    return [event.fragment.number for event in events if isinstance(event, FragmentEnded)]


async def read(source: MediaSource, start: MediaStart) -> list[str]:
    async with source.open(ARN, start) as pieces:
        return await numbers_of(pieces)


class MediaSourceContract:
    async def test_each_start_begins_where_the_service_would(self, source: MediaSource, stream: LiveStream) -> None:
        fragments = await filled(stream)
        numbers, inside_ms = [fragment.number for fragment in fragments], fragments[2].producer_ms + 500
        assert await read(source, EARLIEST) == numbers
        assert await read(source, MediaStart(StartKind.NOW)) == []
        assert await read(source, MediaStart.after_fragment(numbers[1])) == numbers[2:]
        assert await read(source, MediaStart.continuing(numbers[2])) == numbers[3:]
        assert await read(source, MediaStart.at(inside_ms)) == numbers[2:]
        assert await read(source, MediaStart(StartKind.SERVER_TIMESTAMP, at_ms=inside_ms)) == numbers[2:]
        assert await read(source, MediaStart.at(STARTED_MS - 60_000)) == numbers
        assert await read(source, MediaStart.at(fragments[-1].end_ms + 60_000)) == []

    async def test_a_fragment_that_is_not_there_is_error_4000_in_the_stream(
        self, source: MediaSource, stream: LiveStream
    ) -> None:
        await filled(stream, 2)
        reader = FragmentReader()
        async with source.open(ARN, MediaStart.after_fragment("9")) as pieces:
            events = [event async for piece in pieces for event in reader.feed(piece)]
        assert [event.fragment.error_id for event in events if isinstance(event, MediaFailed)] == ["4000"]

    async def test_a_stream_that_does_not_exist_is_refused(self, source: MediaSource) -> None:
        with pytest.raises(MediaRefused, match="ResourceNotFoundException"):
            async with source.open(ARN.replace("connect-test", "another"), EARLIEST):
                pass

    async def test_a_fourth_connection_to_a_stream_is_unavailable_until_another_one_closes(
        self, source: MediaSource, stream: LiveStream
    ) -> None:
        await filled(stream, 2, end=False)
        async with AsyncExitStack() as three:
            for _ in range(3):
                await anext(await three.enter_async_context(source.open(ARN, EARLIEST)))
            with pytest.raises(MediaUnavailable, match="ConnectionLimitExceededException"):
                async with source.open(ARN, EARLIEST):
                    pass
        stream.end()

    async def test_a_connection_that_drops_is_unavailable_and_may_be_opened_again(
        self, source: MediaSource, stream: LiveStream
    ) -> None:
        fragments = await filled(stream, 2, end=False)
        with pytest.raises(MediaUnavailable):
            async with source.open(ARN, EARLIEST) as pieces:
                await anext(pieces)
                stream.drop_connections()
                async for _ in pieces:
                    pass
        stream.end()
        assert await read(source, EARLIEST) == [fragment.number for fragment in fragments]
