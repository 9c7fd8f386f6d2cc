"""Unit tests: a call whose sides have a stream each, over streams that drop, repeat, start late and were used before.

Virtual time: the streams are live ones, with their quotas, and an hour takes no time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from local.aws.chime.leg_muxer import LegShape, LegTags, fragments_of_leg
from local.aws.kinesis_video.muxer import StoredFragment
from local.aws.kinesis_video.stream import LiveStream, play
from local.simulation.media import StreamInMemory
from local.simulation.virtual_time import EPOCH_MS, VirtualClock, run_virtually
from sotto.call.contact import CHANNELS, Contact, MediaLeg, Speaker
from sotto.media.media_source import MediaStart
from sotto.media.timeline import Resumption
from sotto.media.two_legs import TwoLegReader

STARTED_MS = int(EPOCH_MS)
LEAD_MS = 1_000
"""Call time begins before the recorder said that the legs did."""
OURS = LegTags("call", "transaction", "connector")
EARLIER = LegTags("earlier", "transaction of the earlier", "connector")
CUSTOMER, AGENT = CHANNELS


class TwoStreams:
    """A MediaSource of both."""

    def __init__(self, clock: VirtualClock) -> None:
        self.streams = {speaker: LiveStream(f"stream/{speaker}") for speaker in CHANNELS}
        self._sources = {stream.arn: StreamInMemory(stream, clock) for stream in self.streams.values()}
        self.starts: list[MediaStart] = []

    @asynccontextmanager
    async def open(self, stream_arn: str, start: MediaStart) -> AsyncIterator[AsyncIterator[bytes]]:
        self.starts.append(start)
        async with self._sources[stream_arn].open(stream_arn, start) as pieces:
            yield pieces


class Call:
    """Make it inside the virtual loop."""

    def __init__(self, seconds: float = 6.0, *, seed: int = 1, tags: Any = OURS, **shapes: LegShape) -> None:
        chance = random.Random(seed)
        self.clock = VirtualClock()
        self.media = TwoStreams(self.clock)
        self.sides = {speaker: chance.randbytes(int(seconds * 8000) * 2) for speaker in CHANNELS}
        self.shapes = {speaker: shapes.get(speaker.value, LegShape()) for speaker in CHANNELS}
        self.late_ms = dict.fromkeys(CHANNELS, 0)
        self.tags = tags
        legs = tuple(
            MediaLeg(speaker, f"stream/{speaker}", "call", "transaction", index, STARTED_MS)
            for index, speaker in enumerate(CHANNELS)
        )
        self.contact = Contact("t", "ours", "arn", legs[0].stream_arn, STARTED_MS - LEAD_MS, legs=legs)
        self.known = legs

    def fragments(self, speaker: Speaker, tags: LegTags | None = None, first: int = 1) -> list[StoredFragment]:
        shape = self.shapes[speaker]
        at_ms = STARTED_MS + self.late_ms[speaker]
        kept = fragments_of_leg(
            self.sides[speaker], tags=tags or self.tags, started_at_ms=at_ms, shape=shape, first=first
        )
        return list(kept)

    @property
    def expected(self) -> bytes:
        """The whole call as a recogniser must get it."""
        lead = {speaker: bytes((LEAD_MS + self.late_ms[speaker]) * 16) for speaker in CHANNELS}
        both = {speaker: lead[speaker] + self._spoken(speaker) for speaker in CHANNELS}
        longest = max(map(len, both.values()))
        frames = bytearray(2 * longest)
        for position, side in enumerate(both.values()):
            memoryview(frames).cast("h")[position::2] = memoryview(side.ljust(longest, b"\0")).cast("h")
        return bytes(frames)

    def _spoken(self, speaker: Speaker) -> bytes:
        """Without what the telephone did not send, in whole blocks."""
        pcm, shape = bytearray(self.sides[speaker]), self.shapes[speaker]
        size = shape.packets * 160
        for at in range(0, len(pcm) // 2, size):
            if any(begins <= at // 8 < ends for begins, ends in shape.silent):
                pcm[2 * at : 2 * (at + size)] = bytes(len(pcm[2 * at : 2 * (at + size)]))
        return bytes(pcm)

    def reader(self, resumption: Resumption | None = None, known: Sequence[MediaLeg] | None = None) -> TwoLegReader:
        legs = self.contact.legs if known is None else tuple(known)
        contact = replace(self.contact, legs=legs)
        return TwoLegReader(contact, self.media, self.clock, legs_by_now=lambda: self.known, resumption=resumption)

    async def play(self, speaker: Speaker, fragments: Sequence[StoredFragment] | None = None) -> None:
        """As its producer stores it."""
        await self.clock.sleep_ms(self.late_ms[speaker])
        await play(self.media.streams[speaker], fragments or self.fragments(speaker), self.clock)

    async def heard(self, reader: TwoLegReader, *beside: Any) -> bytes:
        async with asyncio.TaskGroup() as tasks:
            for speaker in CHANNELS:
                tasks.create_task(self.play(speaker))
            for each in beside:
                tasks.create_task(each)
            return await received(reader)


async def received(reader: TwoLegReader) -> bytes:
    async with reader as chunks:
        found = [chunk async for chunk in chunks]
    ends = [chunk.start_sample + chunk.samples for chunk in found]
    assert ends[:-1] == [chunk.start_sample for chunk in found[1:]]
    return b"".join(chunk.pcm for chunk in found)


SHAPES = st.builds(
    LegShape,
    fragment_ms=st.integers(200, 2_000),
    packets=st.integers(1, 6),
    track_name=st.sampled_from(["AUDIO", "", "AUDIO_TO_CUSTOMER", "1"]),
    tags_after=st.booleans(),
    silent=st.lists(st.integers(0, 4_000), max_size=1).map(lambda at: tuple((each, each + 700) for each in at)),
)
TAGS = st.sampled_from([OURS, LegTags("call", "", ""), LegTags("", "transaction", "connector")])


@settings(max_examples=25)
@given(
    customer=SHAPES,
    agent=SHAPES,
    tags=TAGS,
    late_ms=st.integers(0, 5_000),
    drops=st.lists(st.integers(1, 8_000), max_size=4),
)
def test_nothing_is_lost_or_doubled_whatever_streams_look_like_and_how_often_they_drop(
    customer, agent, tags, late_ms, drops
):
    async def main() -> None:
        call = Call(tags=tags, customer=customer, agent=agent)
        call.late_ms[AGENT] = late_ms

        async def drop() -> None:
            since = 0
            for at in sorted(drops):
                await call.clock.sleep_ms(at - since)
                since = at
                call.media.streams[CHANNELS[at % 2]].drop_connections()

        assert await call.heard(call.reader(), drop()) == call.expected

    run_virtually(main)
