"""Contract tests: an unmodified boto3 client reads calls from the embedded Kinesis Video Streams."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import boto3
import pytest
import uvicorn

from local.aws.kinesis_video.muxer import ContactTag, StreamShape, fragments_of
from local.aws.kinesis_video.server import KinesisVideo
from local.aws.kinesis_video.stream import LiveStream, play
from sotto.call.contact import Contact, Speaker
from sotto.core.clock import SystemClock
from sotto.media.adapters.kinesis_video import KinesisVideoMedia
from sotto.media.isolation import Ownership
from sotto.media.media_source import MediaRefused, MediaStart, StartKind
from sotto.media.reconnection import ReopeningRules
from sotto.media.stream_reader import StreamReader, StreamReaderRules
from tests.contract.ports.media_source_contract import EARLIEST, read
from tests.fakes.turned_clock import TurnedClock

ARN = "arn:aws:kinesisvideo:eu-west-1:111122223333:stream/connect-test/1600000000000"
STARTED_MS = 1_726_677_688_724
CONTACT = Contact(
    tenant="harbour_bank", contact_id="c-1", instance_arn="arn", stream_arn=ARN, media_started_at_ms=STARTED_MS
)
RULES = StreamReaderRules(reopening=ReopeningRules(backoff_ms=1, max_backoff_ms=5))


def any_call(seconds: float, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(int(seconds * 8000) * 4)


def call_fragments(stereo, *, seed=0, contact_id="c-1", shape=None, started_at_ms=STARTED_MS, first=1):
    return list(
        fragments_of(
            stereo, contact_id=contact_id, instance_id="i", started_at_ms=started_at_ms, seed=seed, shape=shape,
            first=first,
        )
    )  # fmt: skip


@asynccontextmanager
async def serving(kinesis_video: KinesisVideo) -> AsyncIterator[KinesisVideoMedia]:
    server = uvicorn.Server(uvicorn.Config(kinesis_video.app, port=0, log_level="critical", lifespan="off"))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110  # uvicorn announces its start in no other way
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        session = boto3.Session("testing", "testing", region_name="eu-west-1")
        control = session.client("kinesisvideo", endpoint_url=f"http://127.0.0.1:{port}")
        try:
            yield KinesisVideoMedia(lambda: control, lambda at: session.client("kinesis-video-media", endpoint_url=at))
        finally:
            server.should_exit = True


@pytest.fixture
def kinesis_video() -> KinesisVideo:
    return KinesisVideo(speed=0)


async def pcm_of(audio) -> bytes:
    return b"".join([chunk.pcm async for chunk in audio])


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("contact_tag", [ContactTag.BEFORE_CLUSTER, ContactTag.AFTER_CLUSTER])
@pytest.mark.parametrize("swapped", [False, True])
async def test_what_is_read_is_byte_identical_to_the_source(kinesis_video, seed, contact_tag, swapped):
    stereo = any_call(7.3, seed)
    stream = kinesis_video.create_stream(ARN)
    shape = StreamShape(contact_tag=contact_tag, swapped_tracks=swapped, short_block_every=10)
    await play(stream, call_fragments(stereo, seed=seed, shape=shape), SystemClock(), speed=0)
    async with serving(kinesis_video) as media:
        audio = StreamReader(CONTACT, media, SystemClock(), rules=RULES)
        assert await pcm_of(audio) == stereo
    assert audio.timeline.counts[Speaker.AGENT].filled == 0
    assert audio.known_owner(0, 7_300) is Ownership.OURS


async def test_a_connection_that_drops_in_mid_stream_costs_nothing(kinesis_video):
    stereo = any_call(6)
    stream = kinesis_video.create_stream(ARN)
    fragments = call_fragments(stereo)
    async with serving(kinesis_video) as media, StreamReader(CONTACT, media, SystemClock(), rules=RULES) as audio:
        pcm = b""
        await play(stream, fragments[:3], SystemClock(), speed=0, end=False)
        async for chunk in audio:
            pcm += chunk.pcm
            if chunk.start_sample == 8_000:
                stream.drop_connections()
                await play(stream, fragments[3:], SystemClock(), speed=0)
    assert pcm == stereo
    assert audio.connections.failed == 1


async def test_an_argument_that_is_wrong_is_refused(kinesis_video):
    kinesis_video.create_stream(ARN)
    async with serving(kinesis_video) as media:
        with pytest.raises(MediaRefused, match="AfterFragmentNumber"):
            async with media.open(ARN, MediaStart.after_fragment("")):
                pass


async def test_bytes_are_handed_over_when_they_arrive_and_not_when_a_buffer_is_full(kinesis_video):
    stream = kinesis_video.create_stream(ARN)
    fragments = call_fragments(any_call(4))
    async with serving(kinesis_video) as media, media.open(ARN, MediaStart(StartKind.EARLIEST)) as pieces:
        for fragment in fragments:
            stream.append(fragment)
            size, expected = 0, len(fragment.media(fragment.number, 0))
            while size < expected:
                size += len(await anext(pieces))
            assert size == expected


async def test_closing_ends_a_read_that_waits_for_a_silent_stream(kinesis_video):
    stream = kinesis_video.create_stream(ARN)
    async with serving(kinesis_video) as media:
        async with media.open(ARN, MediaStart(StartKind.EARLIEST)) as pieces:
            waiting = asyncio.ensure_future(anext(pieces))
            stream.append(call_fragments(any_call(1))[0])
            await waiting
            waiting = asyncio.ensure_future(anext(pieces))
            await asyncio.sleep(0)
            waiting.cancel()
        stream.end()


async def test_catching_up_is_limited_to_five_fragments_a_second():
    clock = TurnedClock()
    kinesis_video = KinesisVideo(clock=clock)
    fragments = call_fragments(any_call(6))
    await play(kinesis_video.create_stream(ARN), fragments, SystemClock(), speed=0)
    async with serving(kinesis_video) as media:
        await read(media, EARLIEST)
    assert clock.monotonic_ms() == pytest.approx(200 * (len(fragments) - 1))


async def test_fragments_are_stored_when_their_last_sample_was_spoken():
    clock, stream = TurnedClock(), LiveStream(ARN)
    fragments = call_fragments(any_call(4))
    await play(stream, fragments, clock, speed=2)
    assert clock.monotonic_ms() == pytest.approx((fragments[-1].end_ms - STARTED_MS) / 2)
