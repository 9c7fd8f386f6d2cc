"""Who is admitted to the recogniser's container, and when it is well. Kind: sessions over an engine without a model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from model_containers.recogniser.engines.engine import Channel, Emit, Work
from model_containers.recogniser.sessions import BUSY_AFTER_MS, HUNG_AFTER_MS, Sessions
from sotto.call.language import LanguageSet
from sotto.core.clock import SystemClock
from sotto.core.metrics.recorder import NoMetrics
from sotto.recognition.self_hosted import Kind, Refusal, Start, message, parts
from sotto.recognition.whisper.features import Samples


@dataclass
class Counting:
    """A channel that says how many samples it was given, when they end."""

    emit: Emit
    samples: list[int] = field(default_factory=list)
    fails: bool = False

    def audio(self, samples: Samples) -> None:
        if self.fails:
            raise RuntimeError("the pass failed")
        self.samples.append(len(samples))

    def finish(self) -> None:
        result: dict[str, Any] = {"result_id": "1", "start_ms": 0.0, "end_ms": 1.0, "words": [], "is_final": True}
        self.emit({**result, "text": str(sum(self.samples)), "stability": 1.0, "ends_speech": True})


class CountingEngine:
    name = "counting"
    languages = LanguageSet(("en",))

    def __init__(self) -> None:
        self.now = Work(0, 0, 0, 0)
        self.channels: list[Counting] = []
        self.fails = False

    def load(self) -> None: ...

    def channel(self, *, language: str, offset_ms: float, words: tuple[str, ...], emit: Emit) -> Channel:
        self.channels.append(Counting(emit, fails=self.fails))
        return self.channels[-1]

    def work(self) -> Work:
        return self.now

    def close(self) -> None: ...


@dataclass
class Client:
    """``say`` puts a message on the way; ``received`` has what came back."""

    sessions: Sessions
    incoming: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    received: list[bytes] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def say(self, *messages: bytes) -> None:
        for each in messages:
            await self.incoming.put(each)

    async def run(self) -> list[tuple[Kind, bytes]]:
        async def incoming() -> AsyncIterator[bytes]:
            while (each := await self.incoming.get()) is not None:
                yield each

        async def send(data: bytes) -> None:
            self.received.append(data)
            self.answered.set()

        await self.sessions.serve(incoming(), send)
        return [parts(each) for each in self.received]


START = Start(0.0, "en-US").encoded()
CHUNK = message(Kind.AUDIO, bytes(4 * 800))


@pytest.fixture
def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
def sessions(engine: CountingEngine) -> Sessions:
    found = Sessions(engine, most=1, metrics=NoMetrics(), clock=SystemClock())
    found.health.ready = True
    return found


async def refusal(sessions: Sessions, start: bytes = START) -> Refusal:
    client = Client(sessions)
    await client.say(start)
    [(kind, body)] = await client.run()
    assert kind == Kind.REFUSED
    return Refusal(json.loads(body)["reason"])


async def test_both_channels_get_their_own_samples_and_every_message_has_its_receipt(sessions: Sessions) -> None:
    client = Client(sessions)
    await client.say(START, *[CHUNK] * 5, message(Kind.ALIVE), message(Kind.FINISH))
    received = await client.run()
    assert received[0][0] == Kind.OPENED and received[-1][0] == Kind.DONE
    assert sum(int(body) for kind, body in received if kind == Kind.RECEIPT) == 5
    results = [json.loads(body) for kind, body in received if kind == Kind.RESULT]
    assert {each["speaker"]: each["text"] for each in results} == {"customer": "4000", "agent": "4000"}


async def test_who_says_why_it_refuses(sessions: Sessions, engine: CountingEngine) -> None:
    first = Client(sessions)
    await first.say(START)
    running = asyncio.create_task(first.run())
    await first.answered.wait()
    assert await refusal(sessions) == Refusal.FULL
    await first.say(message(Kind.FINISH))
    await running
    engine.now = replace(engine.now, behind_ms=BUSY_AFTER_MS)
    assert await refusal(sessions) == Refusal.BUSY
    assert await refusal(sessions, Start(0.0, "de-DE").encoded()) == Refusal.LANGUAGE
    assert await refusal(sessions, b"nonsense") == Refusal.PROTOCOL
    assert await refusal(sessions, b'S{"protocol": 99}') == Refusal.PROTOCOL
    sessions.health.ready = False
    assert await refusal(sessions) == Refusal.STARTING
    sessions.health.leaving = True
    assert await refusal(sessions) == Refusal.LEAVING


async def test_a_session_that_is_left_makes_room(sessions: Sessions) -> None:
    client = Client(sessions)
    await client.incoming.put(START)
    await client.incoming.put(None)
    assert [kind for kind, _ in await client.run()] == [Kind.OPENED]
    assert sessions.figures()["sessions"] == 0


async def test_a_session_whose_engine_fails_says_so_and_makes_room(sessions: Sessions, engine: CountingEngine) -> None:
    engine.fails = True
    client = Client(sessions)
    await client.say(START, CHUNK)
    assert [kind for kind, _ in await client.run()] == [Kind.OPENED, Kind.FAILED]
    assert sessions.figures()["sessions"] == 0


@pytest.mark.parametrize(
    ("work", "well"),
    [
        (Work(0, 0, 0, 0), True),
        (Work(BUSY_AFTER_MS, 500, 9, 9), True),
        (Work(0, HUNG_AFTER_MS, 9, 9), False),
        (Work(0, 0, 9, 9, broken=True), False),
    ],
)
def test_it_is_well_while_passes_come_to_an_end(
    sessions: Sessions, engine: CountingEngine, work: Work, well: bool
) -> None:
    engine.now = work
    assert sessions.is_well is well


def test_it_is_not_well_before_the_model_was_used_nor_while_it_leaves(sessions: Sessions) -> None:
    sessions.health.leaving = True
    assert not sessions.is_well
    sessions.health.leaving, sessions.health.ready = False, False
    assert not sessions.is_well
