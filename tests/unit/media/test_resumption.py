"""Unit tests: a successor's samples are its predecessor's, wherever the audio was cut."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from local.aws.kinesis_video.muxer import StreamShape, fragments_of
from local.aws.kinesis_video.stream import LiveStream
from local.simulation.media import StreamInMemory
from local.simulation.virtual_time import VirtualClock, run_virtually
from sotto.call.contact import CHANNELS, Contact
from sotto.media.stereo import CHUNK_SAMPLES, StereoChunk
from sotto.media.stream_reader import StreamReader
from sotto.media.timeline import Resumption, SampleTimeline

STARTED_MS = 1_726_677_688_724
CONTACT = Contact("t", "ours", "arn", "stream", STARTED_MS)
AUDIO = random.Random(5).randbytes(8000 * 4 * 20)


def stream_of(shape: StreamShape, seed: int) -> LiveStream:
    stream = LiveStream("stream")
    for fragment in fragments_of(
        AUDIO, contact_id="ours", instance_id="i", started_at_ms=STARTED_MS, shape=shape, seed=seed
    ):
        stream.append(fragment)
    stream.end()
    return stream


async def chunks_of(stream: LiveStream, resumption: Resumption, chunks: int) -> tuple[list[StereoChunk], Resumption]:
    """So many chunks, and what a checkpoint 2 s before their end would hold."""
    clock, found = VirtualClock(), []
    media = StreamInMemory(stream, clock, piece_bytes=500)
    async with StreamReader(CONTACT, media, clock, resumption=resumption) as audio:
        async for chunk in audio:
            found.append(chunk)
            if len(found) == chunks:
                break
        sample = max(resumption.from_sample, found[-1].start_sample - 20 * CHUNK_SAMPLES)
        return found, audio.resumption_at(sample)


@settings(max_examples=40, deadline=None)
@given(
    cuts=st.lists(st.integers(1, 60), min_size=1, max_size=5),
    seed=st.integers(0, 50),
    short=st.sampled_from([0, 3, 40]),
    swapped=st.booleans(),
)
def test_however_often_the_audio_is_cut_every_sample_is_the_one_that_was_spoken(
    cuts: list[int], seed: int, short: int, swapped: bool
) -> None:
    stream = stream_of(StreamShape(short_block_every=short, swapped_tracks=swapped), seed)
    resumption = Resumption()
    for chunks in cuts:
        found, after = run_virtually(lambda r=resumption, n=chunks: chunks_of(stream, r, n))
        assert found[0].start_sample == resumption.from_sample
        for chunk in found:
            assert chunk.pcm == AUDIO[chunk.start_sample * 4 : (chunk.start_sample + chunk.samples) * 4]
        resumption = after


def test_a_resumption_before_a_jump_of_the_producers_clock_does_not_know_of_it_yet() -> None:
    timeline = SampleTimeline(STARTED_MS)
    second = bytes(16_000)

    def placed(at_ms: int) -> None:
        for speaker in CHANNELS:
            timeline.place(speaker, (STARTED_MS + at_ms) * 1_000_000, second, f"f{at_ms}")

    for at_ms in (0, 1_000, 2_000, 200_000, 201_000):
        placed(at_ms)
    assert timeline.jumps == 1
    assert timeline.resumption_at(1_600 * 8).shift == 0
    assert timeline.resumption_at(3_600 * 8).shift == (200_000 - 3_000) * 8
