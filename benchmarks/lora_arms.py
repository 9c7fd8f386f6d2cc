"""Arms of lora_serving that go through the batcher and the encoder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch

from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.shard.encoder.batcher import EmbeddingBatcher
from model_containers.shard.lora.gathered import AdapterPlacement

Figures = dict[str, Any]


class _Instant:
    def encode(self, texts: Sequence[str], adapters: Sequence[AdapterPlacement | None]) -> list[TextEmbedding]:
        return [TextEmbedding(np.zeros((1, 384), np.float32), ((0, 1),)) for _ in texts]


async def idle_delay(executor: ThreadPoolExecutor) -> Figures:
    """What the batcher adds to one text on an idle shard: with a model that takes no time, minus the thread's own."""
    embeddings, instant = EmbeddingBatcher(_Instant(), executor), _Instant()
    loop = asyncio.get_running_loop()
    with_batcher, without = [], []
    for number in range(2_000):
        began = time.perf_counter()
        await loop.run_in_executor(executor, instant.encode, ["text"], [None])
        middle = time.perf_counter()
        await embeddings.embedding(f"text {number}")
        with_batcher.append(time.perf_counter() - middle)
        without.append(middle - began)
    added = [(float(np.percentile(with_batcher, p)) - float(np.percentile(without, p))) * 1000 for p in (50, 99)]
    return {"batcher, added when idle, ms": {"p50": round(added[0], 3), "p99": round(added[1], 3)}}


async def burst_of_texts(executor: ThreadPoolExecutor) -> Figures:
    """Texts a second of 64 texts at once: one pass a text, and through the batcher."""
    encoder = await asyncio.get_running_loop().run_in_executor(executor, MiniLmEncoder)
    texts = [f"I would like to know why {n} dollars were taken from my account" for n in range(64)]
    loop = asyncio.get_running_loop()
    best = {"alone": 0.0, "batched": 0.0}
    for _ in range(3):
        began = time.perf_counter()
        for text in texts:
            await loop.run_in_executor(executor, encoder.encode, [text])
        middle = time.perf_counter()
        embeddings = EmbeddingBatcher(encoder, executor)
        await asyncio.gather(*(embeddings.embedding(text) for text in texts))
        best["alone"] = max(best["alone"], 64 / (middle - began))
        best["batched"] = max(best["batched"], 64 / (time.perf_counter() - middle))
    rates = {name: round(rate, 1) for name, rate in best.items()}
    return {"burst, texts a second": {**rates, "batched/alone": round(best["batched"] / best["alone"], 2)}}


def cost_by_batch(sizes: Sequence[int] = (1, 2, 4, 8, 16, 32, 64)) -> Figures:
    """Processor milliseconds a text takes in a pass of so many, on one thread: what no batcher can go below.

    Sizes and precisions take turns; the best of five rounds counts."""
    torch.set_num_threads(1)
    encoders = {"float32": MiniLmEncoder(), "bfloat16": MiniLmEncoder(narrow=True)}
    texts = [f"I would like to know why {n} dollars were taken from my account" for n in range(max(sizes))]
    best = {name: dict.fromkeys(sizes, float("inf")) for name in encoders}
    for turn in range(6):
        for size in sizes:
            for name, encoder in encoders.items():
                began = time.process_time()
                encoder.encode(texts[:size])
                took = (time.process_time() - began) * 1000 / size
                if turn:  # the first round allocates
                    best[name][size] = min(best[name][size], took)
    return {
        "encoder, ms a text by batch": {
            name: {str(size): round(ms, 2) for size, ms in costs.items()} for name, costs in best.items()
        },
        "most a batch can gain": {name: round(costs[1] / min(costs.values()), 2) for name, costs in best.items()},
    }
