"""Arms of lora_serving that go through store, engine, batcher and envelope."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from model_containers.shard.adapter_store.disk import DiskPackages
from model_containers.shard.adapter_store.sources import LocalPackages
from model_containers.shard.adapter_store.store import AdapterStore, Base, percentile
from model_containers.shard.batcher import SharedReadings
from model_containers.shard.encoder import MiniLmEncoder, Reading
from model_containers.shard.generation.base_model import BaseModel
from model_containers.shard.generation.decoder import Decoder
from model_containers.shard.generation.engine import GenerationEngine
from model_containers.shard.generation.request import GenerationRequest
from model_containers.shard.lora.gathered import ATTENTION, AdapterPools, Placement, install
from sotto.clock import SystemClock
from sotto.inference.package import ModelCard

RANK, ROWS, SLOTS = 4, 16, 128
REQUESTS, NEW_TOKENS, AT_ONCE = 300, 12, 32
Figures = dict[str, Any]


async def zipf_traffic(model: Any, folder: Path, executor: ThreadPoolExecutor) -> Figures:
    """Tokens a second with 8 adapters and with 1,000, of which 128 fit on the device; longest step meanwhile.

    Three rounds of each, in turn, after every adapter was read once: host memory holds them all, and what does not fit
    on the device moves there again and again. Reading them for the first time is timed by itself."""
    tokenizer = Tokenizer(
        models.BPE(vocab={c: i for i, c in enumerate(pre_tokenizers.ByteLevel.alphabet())}, merges=[])
    )
    tokenizer.decoder = decoders.ByteLevel()
    base = BaseModel(model, tokenizer, (), folder)
    pools = install(model, ATTENTION, rank_rows=SLOTS * RANK)
    urls = [str(_package(folder / "published", pools, number)) for number in range(1_000)]
    clock = SystemClock()
    store = AdapterStore(
        pools, DiskPackages(folder / "disk", LocalPackages(), budget_bytes=10**10), Base("base", "1"), clock
    )
    decoder = _Watched(model, pools, rows=ROWS)
    engine = GenerationEngine(base, decoder, store, clock, executor)
    task = asyncio.create_task(engine.run())
    for url in urls:
        async with store.held(url):
            pass
    first_ms = store.counts.load_ms
    store.counts.load_ms, before = [], store.evictions
    best: dict[int, float] = {8: 0.0, 1_000: 0.0}
    longest: dict[int, float] = {}
    for turn in range(3):
        for count in best:
            decoder.steps_ms.clear()
            rate = await _drive(engine, urls[:count], seed=turn)
            best[count] = max(best[count], rate)
            longest.setdefault(count, float(np.percentile(decoder.steps_ms, 99) / np.median(decoder.steps_ms)))
    evictions, again_ms = store.evictions - before, store.counts.load_ms
    task.cancel()
    await asyncio.wait([task])
    await store.close()
    return {
        "zipf": {
            "tokens_a_second": {str(count): round(rate, 1) for count, rate in best.items()},
            "1000/8": round(best[1_000] / best[8], 2),
            "slots": SLOTS,
            "evictions": evictions,
            "load, p50 ms": {
                "from disk": round(percentile(first_ms, 0.5), 2),
                "from host": round(percentile(again_ms, 0.5), 2),
            },
            "p99 step / median step": {str(c): round(r, 2) for c, r in longest.items()},
            "found": dict(store.counts.found),
        }
    }


class _Watched(Decoder):
    """Notes how long each step took."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.steps_ms: list[float] = []

    def advance(self) -> None:
        began = time.perf_counter()
        super().advance()
        self.steps_ms.append((time.perf_counter() - began) * 1000)


async def _drive(engine: GenerationEngine, urls: Sequence[str], *, seed: int) -> float:
    """Closed loop of 32 callers; popularity falls with rank to the power of 0.9."""
    chance = random.Random(seed)
    weights = [1 / (place + 1) ** 0.9 for place in range(len(urls))]
    wanted = iter(chance.choices(urls, weights, k=REQUESTS))

    async def caller() -> None:
        for url in wanted:
            request = GenerationRequest(prompt="What now?", max_tokens=NEW_TOKENS)
            async with aclosing(engine.generate(request, adapter=url, deadline_ms=1e15)) as pieces:
                async for _ in pieces:
                    pass

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    return REQUESTS * NEW_TOKENS / (time.perf_counter() - began)


def _package(root: Path, pools: AdapterPools, number: int) -> Path:
    """A directory: packing a thousand archives would take longer than the benchmark."""
    import hashlib

    folder = root / str(number)
    folder.mkdir(parents=True)
    maker = torch.Generator().manual_seed(number)
    tensors = {}
    for name, (width, height) in pools.targets.items():
        tensors[f"base_model.model.{name}.lora_A.weight"] = torch.randn(RANK, width, generator=maker) * 0.02
        tensors[f"base_model.model.{name}.lora_B.weight"] = torch.randn(height, RANK, generator=maker) * 0.02
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": RANK}
    files = {"adapter_config.json": json.dumps(config).encode(), "adapter_model.safetensors": save(tensors)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    card = ModelCard(
        task="generation", tenant="t", model=f"m{number}", version="1", base_model="base", base_revision="1",
        files=digests,
    )  # fmt: skip
    (folder / "model.json").write_text(card.model_dump_json())
    return folder


class _Instant:
    def read(self, texts: Sequence[str], adapters: Sequence[Placement | None]) -> list[Reading]:
        return [Reading(np.zeros((1, 384), np.float32), ((0, 1),)) for _ in texts]


async def idle_delay(executor: ThreadPoolExecutor) -> Figures:
    """What the batcher adds to one text on an idle shard: with a model that takes no time, minus the thread's own."""
    readings, instant = SharedReadings(_Instant(), executor), _Instant()
    loop = asyncio.get_running_loop()
    with_batcher, without = [], []
    for number in range(2_000):
        began = time.perf_counter()
        await loop.run_in_executor(executor, instant.read, ["text"], [None])
        middle = time.perf_counter()
        await readings.reading(f"text {number}")
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
            await loop.run_in_executor(executor, encoder.read, [text])
        middle = time.perf_counter()
        readings = SharedReadings(encoder, executor)
        await asyncio.gather(*(readings.reading(text) for text in texts))
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
                encoder.read(texts[:size])
                took = (time.process_time() - began) * 1000 / size
                if turn:  # the first round allocates
                    best[name][size] = min(best[name][size], took)
    return {
        "encoder, ms a text by batch": {
            name: {str(size): round(ms, 2) for size, ms in costs.items()} for name, costs in best.items()
        },
        "most a batch can gain": {name: round(costs[1] / min(costs.values()), 2) for name, costs in best.items()},
    }
