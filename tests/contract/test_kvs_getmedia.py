"""Contract tests: an unmodified boto3 client reads calls from the embedded Kinesis Video Streams."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import boto3
import pytest
import uvicorn

from local.aws.kinesis_video.muxer import ContactTag, Shape, fragments_of
from local.aws.kinesis_video.server import KinesisVideo
from local.aws.kinesis_video.stream import play
from sotto.audio.adapters.kinesis_video import KinesisVideoMedia
from sotto.audio.isolation import Verdict
from sotto.audio.listening import ListeningRules, listen
from sotto.clock import SystemClock
from sotto.contact.contact import Contact, Speaker

ARN = "arn:aws:kinesisvideo:eu-west-1:111122223333:stream/connect-test/1600000000000"
STARTED_MS = 1_726_677_688_724
CONTACT = Contact(
    tenant="harbour_bank", contact_id="c-1", instance_arn="arn", stream_arn=ARN, media_started_at_ms=STARTED_MS
)
RULES = ListeningRules(backoff_ms=1, max_backoff_ms=5)


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
        while not server.started:
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        session = boto3.Session("testing", "testing", region_name="eu-west-1")
        control = session.client("kinesisvideo", endpoint_url=f"http://127.0.0.1:{port}")
        yield KinesisVideoMedia(control, lambda at: session.client("kinesis-video-media", endpoint_url=at))
        server.should_exit = True


@pytest.fixture
def kinesis_video() -> KinesisVideo:
    return KinesisVideo(speed=0)


async def heard_of(listening) -> bytes:
    return b"".join([chunk.pcm async for chunk in listening])


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("contact_tag", [ContactTag.BEFORE_CLUSTER, ContactTag.AFTER_CLUSTER])
@pytest.mark.parametrize("swapped", [False, True])
async def test_what_is_heard_is_byte_identical_to_the_source(kinesis_video, seed, contact_tag, swapped):
    stereo = any_call(7.3, seed)
    stream = kinesis_video.create_stream(ARN)
    shape = Shape(contact_tag=contact_tag, swapped_tracks=swapped, short_block_every=10)
    await play(stream, call_fragments(stereo, seed=seed, shape=shape), SystemClock(), speed=0)
    async with serving(kinesis_video) as media:
        listening = listen(CONTACT, media, SystemClock(), rules=RULES)
        assert await heard_of(listening) == stereo
    assert listening.timeline.counts[Speaker.AGENT].filled == 0
    assert listening.verdict(0, 7_300) is Verdict.OURS
