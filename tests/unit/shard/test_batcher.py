"""Unit: sharing the forward pass between requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.encoder.batcher import DeadlineMissed, EmbeddingBatcher, ShardBusy, Urgency
from model_containers.shard.encoder.pacing import FIRST_SIZE, Pace
from model_containers.shard.lora.gathered import AdapterPlacement
from tests.fakes.clock import ClockByHand


class GatedEncoder:
    """Notes each batch and reads it once the gate is open."""

    def __init__(self) -> None:
        self.gate, self.started = Event(), Event()
        self.batches: list[list[str]] = []

    def encode(self, texts: Sequence[str], adapters: Sequence[AdapterPlacement | None]) -> list[TextEmbedding]:
        assert len(texts) == len(adapters)
        self.batches.append(list(texts))
        self.started.set()
        self.gate.wait(30)
        if "broken" in texts:
            raise RuntimeError("broken")
        return [TextEmbedding(np.full((1, 1), len(text), np.float32), ((0, len(text)),)) for text in texts]


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
    embeddings = EmbeddingBatcher(encoder, executor)
    encoder.gate.set()
    found = await asyncio.gather(*(embeddings.embedding("same words") for _ in range(20)))
    assert encoder.batches == [["same words"]]
    assert all(embedding is found[0] for embedding in found)


async def test_a_later_request_for_a_known_text_costs_nothing(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    embeddings = EmbeddingBatcher(encoder, executor)
    encoder.gate.set()
    await embeddings.embedding("words")
    await embeddings.embedding("words")
    assert embeddings.passes == 1


async def test_texts_that_arrive_while_the_encoder_is_busy_go_together(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    embeddings = EmbeddingBatcher(encoder, executor)
    first = asyncio.create_task(embeddings.embedding("first"))
    await asyncio.to_thread(encoder.started.wait, 30)
    others = [asyncio.create_task(embeddings.embedding(f"text {n}")) for n in range(FIRST_SIZE)]
    await asyncio.sleep(0)
    encoder.gate.set()
    await asyncio.gather(first, *others)
    assert [len(batch) for batch in encoder.batches] == [1, FIRST_SIZE]


async def test_a_pass_under_way_says_how_long_it_has_taken(encoder: GatedEncoder, executor: ThreadPoolExecutor) -> None:
    clock = ClockByHand(0)
    embeddings = EmbeddingBatcher(encoder, executor, clock=clock)
    asked = asyncio.create_task(embeddings.embedding("words"))
    await asyncio.to_thread(encoder.started.wait, 30)
    before = embeddings.busy_ms
    clock.advance(700)
    assert (before, embeddings.busy_ms) == (0.0, 700.0)
    encoder.gate.set()
    await asked
    assert embeddings.busy_ms == 0.0


async def test_more_texts_than_can_be_read_soon_are_refused(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    embeddings = EmbeddingBatcher(encoder, executor, most_waiting=2)
    first = asyncio.create_task(embeddings.embedding("first"))
    await asyncio.to_thread(encoder.started.wait, 30)
    waiting = [
        asyncio.create_task(embeddings.embedding(text, None, Urgency(tenant)))
        for text, tenant in (("second", "bank"), ("third", "garage"))
    ]
    await asyncio.sleep(0)
    with pytest.raises(ShardBusy):
        await embeddings.embedding("fourth")
    encoder.gate.set()
    await asyncio.gather(first, *waiting)


async def test_a_request_that_gives_up_does_not_take_the_others_with_it(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    embeddings = EmbeddingBatcher(encoder, executor)
    impatient, patient = (asyncio.create_task(embeddings.embedding("words")) for _ in range(2))
    await asyncio.to_thread(encoder.started.wait, 30)
    impatient.cancel()
    encoder.gate.set()
    assert (await patient).spans == ((0, 5),)


async def test_a_failed_pass_fails_its_requests_and_not_the_next(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    embeddings = EmbeddingBatcher(encoder, executor)
    encoder.gate.set()
    with pytest.raises(RuntimeError):
        await embeddings.embedding("broken")
    assert (await embeddings.embedding("fine")).spans == ((0, 4),)


async def test_what_is_remembered_is_bounded(encoder: GatedEncoder, executor: ThreadPoolExecutor) -> None:
    embeddings = EmbeddingBatcher(encoder, executor, remember=3)
    encoder.gate.set()
    for text in ("a", "b", "c", "d", "a"):
        await embeddings.embedding(text)
    assert embeddings.passes == 5


async def test_the_same_words_with_another_adapter_are_another_text(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    embeddings = EmbeddingBatcher(encoder, executor)
    encoder.gate.set()
    one, other = AdapterPlacement((1,)), AdapterPlacement((2,))
    for adapter in (None, one, other, one):
        await embeddings.embedding("words", adapter)
    assert embeddings.passes == 3
    embeddings.forget(one)
    await embeddings.embedding("words", one)
    assert embeddings.passes == 4


async def test_a_loud_tenants_burst_delays_a_quiet_one_by_one_turn(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    embeddings = EmbeddingBatcher(encoder, executor, pace=Pace(first=4))
    asked = [asyncio.create_task(embeddings.embedding(f"loud {n}", None, Urgency("loud"))) for n in range(20)]
    await asyncio.to_thread(encoder.started.wait, 30)
    asked.append(asyncio.create_task(embeddings.embedding("quiet", None, Urgency("quiet"))))
    await asyncio.sleep(0)
    encoder.gate.set()
    await asyncio.gather(*asked)
    assert "quiet" in encoder.batches[1]


async def test_what_would_come_after_its_deadline_is_refused_at_once(
    encoder: GatedEncoder, executor: ThreadPoolExecutor
) -> None:
    clock = ClockByHand(1_000)
    embeddings = EmbeddingBatcher(encoder, executor, clock=clock)
    embeddings.pace.passed(batch=1, took_ms=20, waiting=0)
    with pytest.raises(DeadlineMissed):
        await embeddings.embedding("words", None, Urgency(deadline_ms=1_010))
    encoder.gate.set()
    assert await embeddings.embedding("words", None, Urgency(deadline_ms=1_100))
