"""Unit tests: a call whose sides have a stream each, over streams that drop, repeat, start late and were used before.

Virtual time: the streams are live ones, with their quotas, and an hour takes no time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.aws.chime.leg_muxer import LegShape, LegTags, fragments_of_leg
from local.aws.kinesis_video.muxer import StoredFragment
from local.aws.kinesis_video.stream import LiveStream, play
from local.simulation.media import StreamInMemory
from local.simulation.virtual_time import EPOCH_MS, VirtualClock, run_virtually
from sotto.call.contact import CHANNELS, Contact, MediaLeg, Speaker
from sotto.media.isolation import Ownership
from sotto.media.media_source import MediaRefused, MediaStart
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
        source = self._sources.get(stream_arn, next(iter(self._sources.values())))
        async with source.open(stream_arn, start) as pieces:
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

    async def received_while_played(self, reader: TwoLegReader, *beside: Any) -> bytes:
        async def both() -> None:
            await asyncio.gather(*map(self.play, CHANNELS))
            reader.contact_ended()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(both())
            for each in beside:
                tasks.create_task(each)
            return await received(reader)


async def received(reader: TwoLegReader, *, ended: bool = False) -> bytes:
    """``ended``: the call is known to be over."""
    async with reader as chunks:
        if ended:
            reader.contact_ended()
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


@settings(max_examples=25, deadline=None)
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

        assert await call.received_while_played(call.reader(), drop()) == call.expected

    run_virtually(main)


def cut_anywhere(call: Call, sample: int) -> Any:
    """What a successor gets that takes over at this sample."""

    async def main() -> bytes:
        for speaker in CHANNELS:
            for fragment in call.fragments(speaker):
                call.media.streams[speaker].append(fragment)
            call.media.streams[speaker].end()
        first = call.reader()
        assert await received(first, ended=True) == call.expected
        return await received(call.reader(first.resumption_at(sample)), ended=True)

    return main


@settings(max_examples=8, deadline=None)
@given(sample=st.integers(1, 50_000), customer=SHAPES, agent=SHAPES)
def test_a_successor_continues_at_the_very_sample(sample, customer, agent):
    async def main() -> None:
        call = Call(customer=customer, agent=agent)
        assert await cut_anywhere(call, sample)() == call.expected[4 * sample :]

    run_virtually(main)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_producer_whose_clock_is_a_day_off_is_placed_by_the_services(days):
    async def main() -> None:
        call = Call(agent=LegShape(clock_ahead_ms=days * 86_400_000))
        got = await call.received_while_played(call.reader())
        # By as much as the service took to store the first fragment.
        by = 40 * 32
        assert split_of(got)[0].startswith(split_of(call.expected)[0])
        ours, theirs = split_of(call.expected)[1], split_of(got)[1]
        assert theirs[by // 2 : by // 2 + 80_000] == ours[:80_000]
        for sample in (9_000, 30_001):
            assert await cut_anywhere_off(call, sample) == got[4 * sample :]

    async def cut_anywhere_off(call: Call, sample: int) -> bytes:
        first = call.reader()
        await received(first, ended=True)
        return await received(call.reader(first.resumption_at(sample)), ended=True)

    run_virtually(main)


def split_of(stereo: bytes) -> tuple[bytes, bytes]:
    frames = memoryview(stereo).cast("h")
    return bytes(frames[0::2]), bytes(frames[1::2])


def test_an_earlier_call_in_the_streams_is_never_received_and_the_next_one_ends_this():
    async def main() -> None:
        call = Call()
        call.sides = dict.fromkeys(CHANNELS, bytes(8_000 * 2))  # what is received is not silent, then
        noise = random.Random(2).randbytes(3_000 * 16)
        for speaker in CHANNELS:
            before = fragments_of_leg(noise, tags=EARLIER, started_at_ms=STARTED_MS - 3_000, first=1)
            after = fragments_of_leg(noise * 3, tags=EARLIER, started_at_ms=STARTED_MS + 1_000, first=900)
            for fragment in [*before, *call.fragments(speaker, first=100), *after]:
                call.media.streams[speaker].append(fragment)
        reader = call.reader()
        assert not any(await received(reader))
        assert reader.connections.foreign_fragments > 3
        assert reader.known_owner(1_000, 2_000, CUSTOMER) is Ownership.OURS

    run_virtually(main)


def test_two_calls_in_one_stream_stay_apart():
    async def main() -> None:
        call = Call(tags=OURS)
        other = Call(seed=9)
        for speaker in CHANNELS:
            ours, others = call.fragments(speaker), other.fragments(speaker, EARLIER, first=500)
            for pair in zip(ours, others, strict=True):
                for fragment in pair:
                    call.media.streams[speaker].append(fragment)
            call.media.streams[speaker].end()
        assert await received(call.reader(), ended=True) == call.expected

    run_virtually(main)


def test_a_quarter_of_an_hour_of_silence_on_one_side_is_a_quarter_of_an_hour():
    quarter_ms = 900_000

    async def main() -> None:
        call = Call(seconds=1.0)
        (first,) = call.fragments(CUSTOMER)
        later = fragments_of_leg(call.sides[CUSTOMER], tags=OURS, started_at_ms=STARTED_MS + quarter_ms, first=9)
        agent_speaks = [
            each
            for minute in range(0, 16, 5)
            for each in fragments_of_leg(
                call.sides[AGENT], tags=OURS, started_at_ms=STARTED_MS + minute * 60_000, first=1 + 2 * minute
            )
        ]

        async def store(speaker: Speaker, fragments: Sequence[StoredFragment]) -> None:
            await play(call.media.streams[speaker], fragments, call.clock)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(store(CUSTOMER, [first, *later]))
            tasks.create_task(store(AGENT, agent_speaks))
            reader = call.reader()
            got = await received(reader)
        customer, agent = split_of(got)
        begins = (LEAD_MS + quarter_ms) * 16
        assert customer[begins : begins + 16_000] == call.sides[CUSTOMER]
        assert agent[begins : begins + 16_000] == call.sides[AGENT]
        assert len(got) == (LEAD_MS + quarter_ms + 1_000) * 32

    run_virtually(main)


def test_a_call_whose_end_is_never_announced_ends_when_nothing_has_come_for_ten_minutes():
    async def main() -> None:
        call = Call(seconds=2.0)
        for speaker in CHANNELS:
            call.media.streams[speaker].begin()
            for fragment in call.fragments(speaker):
                call.media.streams[speaker].append(fragment)
        began_ms = call.clock.monotonic_ms()
        assert await received(call.reader()) == call.expected
        assert 600_000 < call.clock.monotonic_ms() - began_ms < 700_000

    run_virtually(main)


def test_an_end_that_is_known_before_the_last_fragment_is_stored_loses_nothing():
    async def main() -> None:
        call = Call(seconds=4.0)
        reader = call.reader()

        async def announced() -> None:
            await call.clock.sleep_ms(2_500)
            reader.contact_ended(LEAD_MS + 4_000 + 2_000)

        assert await call.received_while_played(reader, announced()) == call.expected

    run_virtually(main)


def test_a_side_that_comes_after_everybody_has_given_it_up_joins_the_call():
    async def main() -> None:
        call = Call(seconds=30.0)
        call.known = call.contact.legs[:1]
        reader = call.reader(known=call.contact.legs[:1])

        async def announced() -> None:
            await call.clock.sleep_ms(20_000)
            call.known = call.contact.legs

        got = await call.received_while_played(reader, announced())
        customer, agent = split_of(got)
        assert customer == split_of(call.expected)[0]
        assert agent[-80_000:] == split_of(call.expected)[1][-80_000:]
        assert reader.counts[AGENT].late > 0

    run_virtually(main)


def test_a_call_with_one_stream_waits_for_no_other():
    async def main() -> None:
        call = Call(seconds=2.0)
        call.contact = replace(call.contact, sides=1)
        reader = call.reader(known=call.contact.legs[:1])

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(call.play(CUSTOMER)).add_done_callback(lambda _: reader.contact_ended())
            got = await received(reader)
        assert split_of(got)[0] == split_of(call.expected)[0] and not any(split_of(got)[1])
        assert call.clock.monotonic_ms() < 10_000

    run_virtually(main)


def test_a_stream_that_may_not_be_read_fails_the_reading():
    async def main() -> None:
        call = Call(seconds=2.0)
        refused = replace(call.contact.legs[1], stream_arn="stream/elsewhere")
        with pytest.raises(MediaRefused):
            await received(call.reader(known=(call.contact.legs[0], refused)))

    run_virtually(main)
