"""Unit: a call's slices are written until they are known to be stored, over connections that drop, stall and refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from media_gateway.kinesis.fragments import FRAGMENT_SLICES
from media_gateway.kinesis.producer import GIVE_UP_MS, MOST_WAITING, MediaLost, Producer
from media_gateway.kinesis.sink import Ack, AckKind, SinkConnection, SinkRefused, SinkUnavailable
from media_gateway.slices import SLICE_SAMPLES, WIDTH, Slice
from sotto.call.contact import CHANNELS
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import BlockRead
from tests.fakes.clock import ClockByHand

CONTACT, ZERO_MS = "0d5b6a52-6f4c-4f5a-8f4e-3f5f2a7f9b10", 1_790_000_000_000


def slices(many: int) -> list[Slice]:
    pcm = {speaker: bytes(SLICE_SAMPLES * WIDTH) for speaker in CHANNELS}
    return [Slice(at * SLICE_SAMPLES, pcm, dict.fromkeys(CHANNELS, 0.0)) for at in range(many)]


@dataclass
class SinkByHand:
    """``answers``: for each connection what becomes of it, the last one for all that follow: how many fragments are
    stored before it drops (None: all of them), or an error on opening."""

    answers: list[int | None | Exception] = field(default_factory=lambda: [None])
    stored: list[int] = field(default_factory=list)
    opened: int = 0

    @asynccontextmanager
    async def open(self, stream: str) -> AsyncIterator[SinkConnection]:
        answer = self.answers[min(self.opened, len(self.answers) - 1)]
        self.opened += 1
        if isinstance(answer, Exception):
            raise answer
        yield ConnectionByHand(self, answer)


class ConnectionByHand:
    """Reads what it is sent as Kinesis Video Streams does: a fragment is whole when the next one begins."""

    def __init__(self, sink: SinkByHand, most: int | None) -> None:
        self._sink, self._most = sink, most
        self._reader = FragmentReader()
        self._acks: asyncio.Queue[Ack | None] = asyncio.Queue()
        self._times: list[int] = []

    async def send(self, data: bytes) -> None:
        for event in self._reader.feed(data):
            time_ms = event.time_ns // 1_000_000 if isinstance(event, BlockRead) else None
            if time_ms is not None and (time_ms - ZERO_MS) % (FRAGMENT_SLICES * 100) == 0 and event.track == 1:  # type: ignore[union-attr]
                self._store()
                self._times.append(time_ms)
        await asyncio.sleep(0)

    async def end(self) -> None:
        self._store()
        self._acks.put_nowait(None)

    async def acks(self) -> AsyncIterator[Ack]:
        while (ack := await self._acks.get()) is not None:
            yield ack

    def _store(self) -> None:
        if not self._times:
            return
        if self._most == 0:
            raise SinkUnavailable("dropped")
        time_ms = self._times.pop()
        self._sink.stored.append(time_ms - ZERO_MS)
        self._acks.put_nowait(Ack(AckKind.PERSISTED, time_ms))
        self._most = None if self._most is None else self._most - 1


def producer(sink: SinkByHand, clock: ClockByHand) -> Producer:
    return Producer(sink, clock, stream="s", contact_id=CONTACT, zero_ms=ZERO_MS, fragments_a_second=0)


async def finished(running: asyncio.Task[None], clock: ClockByHand, *, every_ms: float = 100.0) -> None:
    """Turns the clock until ``running`` is done."""
    for _ in range(100_000):
        if running.done():
            break
        await asyncio.sleep(0)
        clock.advance(every_ms)
    await running


@pytest.mark.parametrize("answers", [[None], [0, None], [2, 1, None], [SinkUnavailable("throttled"), None]])
async def test_every_fragment_is_stored_whatever_is_dropped(answers: list[int | None | Exception]) -> None:
    sink, clock = SinkByHand(answers), ClockByHand(0)
    made = producer(sink, clock)
    running = asyncio.create_task(made.run())
    for each in slices(4 * FRAGMENT_SLICES):
        await made.put(each)
    made.finish()
    await finished(running, clock, every_ms=1.0)
    assert sorted(set(sink.stored)) == [0, 500, 1_000, 1_500] and made.stored == 4
    assert sink.opened == len(answers)


async def test_who_is_refused_gives_up_and_whoever_puts_is_told_so() -> None:
    sink, clock = SinkByHand([SinkRefused("AccessDeniedException")]), ClockByHand(0)
    made = producer(sink, clock)
    running = asyncio.create_task(made.run())
    await made.put(slices(1)[0])
    with pytest.raises(MediaLost):
        await finished(running, clock)
    with pytest.raises(MediaLost):
        await made.put(slices(1)[0])


async def test_after_a_minute_without_anything_stored_it_gives_up() -> None:
    sink, clock = SinkByHand([SinkUnavailable("throttled")]), ClockByHand(0)
    made = producer(sink, clock)
    running = asyncio.create_task(made.run())
    await made.put(slices(1)[0])
    with pytest.raises(MediaLost):
        await finished(running, clock, every_ms=500.0)
    assert GIVE_UP_MS < clock.now_ms() < 2 * GIVE_UP_MS and sink.opened > 10


async def test_more_than_half_a_minute_waits_for_nobody_but_its_sender() -> None:
    sink, clock = SinkByHand([SinkUnavailable("throttled"), SinkUnavailable("throttled"), None]), ClockByHand(0)
    made = producer(sink, clock)
    running = asyncio.create_task(made.run())
    everything = slices(MOST_WAITING * FRAGMENT_SLICES + 1)
    for each in everything[:-1]:
        await made.put(each)
    last = asyncio.create_task(made.put(everything[-1]))
    await asyncio.sleep(0)
    assert not last.done()
    while not last.done():
        await asyncio.sleep(0)
        clock.advance(1.0)
    made.finish()
    await finished(running, clock, every_ms=1.0)
    assert made.stored == MOST_WAITING + 1
