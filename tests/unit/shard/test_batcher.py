"""Unit: sharing the forward pass between requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from model_containers.shard.batcher import LARGEST_BATCH, Busy, SharedReadings
from model_containers.shard.encoder import Reading


class GatedEncoder:
    """Notes each batch and reads it once the gate is open."""

    revision = "r"

    def __init__(self) -> None:
        self.gate, self.started = Event(), Event()
        self.batches: list[list[str]] = []

    def read(self, texts: Sequence[str]) -> list[Reading]:
        self.batches.append(list(texts))
        self.started.set()
        self.gate.wait(30)
        if "broken" in texts:
            raise RuntimeError("broken")
        return [Reading(np.full((1, 1), len(text), np.float32), ((0, len(text)),)) for text in texts]


@pytest.fixture
def encoder() -> GatedEncoder:
    return GatedEncoder()


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def test_parallel_requests_for_one_text_cost_one_pass(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    readings = SharedReadings(encoder, executor)
    encoder.gate.set()
    found = await asyncio.gather(*(readings.reading("same words") for _ in range(20)))
    assert encoder.batches == [["same words"]]
    assert all(reading is found[0] for reading in found)


async def test_a_later_request_for_a_known_text_costs_nothing(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    readings = SharedReadings(encoder, executor)
    encoder.gate.set()
    await readings.reading("words")
    await readings.reading("words")
    assert readings.passes == 1


async def test_texts_that_arrive_while_the_encoder_is_busy_go_together(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    readings = SharedReadings(encoder, executor)
    first = asyncio.create_task(readings.reading("first"))
    await asyncio.to_thread(encoder.started.wait, 30)
    others = [asyncio.create_task(readings.reading(f"text {n}")) for n in range(LARGEST_BATCH)]
    await asyncio.sleep(0)
    encoder.gate.set()
    await asyncio.gather(first, *others)
    assert [len(batch) for batch in encoder.batches] == [1, LARGEST_BATCH]


async def test_more_texts_than_can_be_read_soon_are_refused(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    readings = SharedReadings(encoder, executor, most_waiting=2)
    first = asyncio.create_task(readings.reading("first"))
    await asyncio.to_thread(encoder.started.wait, 30)
    waiting = [asyncio.create_task(readings.reading(text)) for text in ("second", "third")]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await readings.reading("fourth")
    encoder.gate.set()
    await asyncio.gather(first, *waiting)


async def test_a_request_that_gives_up_does_not_take_the_others_with_it(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    readings = SharedReadings(encoder, executor)
    impatient, patient = (asyncio.create_task(readings.reading("words")) for _ in range(2))
    await asyncio.to_thread(encoder.started.wait, 30)
    impatient.cancel()
    encoder.gate.set()
    assert (await patient).spans == ((0, 5),)


async def test_a_failed_pass_fails_its_requests_and_not_the_next(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    readings = SharedReadings(encoder, executor)
    encoder.gate.set()
    with pytest.raises(RuntimeError):
        await readings.reading("broken")
    assert (await readings.reading("fine")).spans == ((0, 4),)


async def test_what_is_remembered_is_bounded(encoder: GatedEncoder, executor: ThreadPoolExecutor) -> None:
    readings = SharedReadings(encoder, executor, remember=3)
    encoder.gate.set()
    for text in ("a", "b", "c", "d", "a"):
        await readings.reading(text)
    assert readings.passes == 5
