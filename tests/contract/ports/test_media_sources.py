"""Contract tests: media in memory, and from the embedded Kinesis Video Streams by boto3's own client."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from local.aws.kinesis_video.server import KinesisVideo
from local.aws.kinesis_video.stream import LiveStream
from local.simulation.media import StreamInMemory
from sotto.media.media_source import MediaSource
from tests.contract.ports.media_source_contract import ARN, MediaSourceContract
from tests.contract.test_kvs_getmedia import serving
from tests.fakes.turned_clock import TurnedClock


class TestStreamInMemory(MediaSourceContract):
    @pytest.fixture
    def stream(self) -> LiveStream:
        return LiveStream(ARN)

    @pytest.fixture
    def source(self, stream: LiveStream) -> MediaSource:
        return StreamInMemory(stream, TurnedClock())


class TestKinesisVideoMedia(MediaSourceContract):
    @pytest.fixture
    def kinesis_video(self) -> KinesisVideo:
        return KinesisVideo(speed=0)

    @pytest.fixture
    def stream(self, kinesis_video: KinesisVideo) -> LiveStream:
        return kinesis_video.create_stream(ARN)

    @pytest.fixture
    async def source(self, kinesis_video: KinesisVideo, stream: LiveStream) -> AsyncIterator[MediaSource]:
        async with serving(kinesis_video) as media:
            yield media
