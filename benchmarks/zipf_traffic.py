"""Zipf traffic over 8 and over 1,000 adapters, 128 of which fit: ``python -m benchmarks.zipf_traffic [--json FILE]``.

Through engine and store. What does not fit on the device comes from host memory, from disk, or (cold) from where it was
published, and the arms take turns. Two ratios to 8 adapters: by the clock, which neighbours on the machine spoil, and
by the processor's time, which counts loads in full even where an idle core would have taken them. A load's own stages
are timed by ``benchmarks.adapter_store``.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save

from benchmarks.lora_serving import any_model, byte_tokenizer
from local.interruption import ended_in_order
from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import LocalPackages
from model_containers.shard.adapters.store import AdapterStore, Base, percentile
from model_containers.shard.decoder.base_model import BaseModel
from model_containers.shard.decoder.decoder import Decoder
from model_containers.shard.decoder.engine import GenerationEngine
from model_containers.shard.decoder.request import GenerationRequest
from model_containers.shard.lora.gathered import ATTENTION, AdapterPools, install
from sotto.core.clock import SystemClock
from sotto.models.package import ModelCard

RANK, ROWS, SLOTS = 4, 16, 128
ADAPTERS, FEW = 1_000, 8
REQUESTS, NEW_TOKENS, AT_ONCE = 300, 12, 32
ARMS = ("8", "1000 cold", "1000 from disk", "1000 from host")
Figures = dict[str, Any]


class WatchedDecoder(Decoder):
    """Notes how long each step took, and when it ended."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.ends_ms: list[float] = []
        self.steps_ms: list[float] = []

    def advance(self) -> None:
        began = time.perf_counter()
        super().advance()
        self.ends_ms.append(time.perf_counter() * 1000)
        self.steps_ms.append(self.ends_ms[-1] - began * 1000)


class Traffic:
    """One engine and one store with empty slots; the disk may be another's."""

    def __init__(self, disk: Path, executor: ThreadPoolExecutor, new_tokens: int) -> None:
        self._new_tokens = new_tokens
        model = any_model(256, 4, torch.float32)
        self.pools = install(model, ATTENTION, rank_rows=SLOTS * RANK)
        self.decoder = WatchedDecoder(model, self.pools, rows=ROWS)
        clock = SystemClock()
        packages = DiskPackages(disk, LocalPackages(), budget_bytes=10**10)
        self.store = AdapterStore(self.pools, packages, Base("base", "1"), clock)
        base = BaseModel(model, byte_tokenizer(), (), disk)
        self.engine = GenerationEngine(base, self.decoder, self.store, clock, executor)

    async def serve(self, urls: Sequence[str], seed: int) -> Figures:
        """Closed loop of 32 callers; popularity falls with rank to the power of 0.9."""
        weights = [1 / (place + 1) ** 0.9 for place in range(len(urls))]
        wanted = iter(random.Random(seed).choices(urls, weights, k=REQUESTS))
        self.decoder.steps_ms.clear()
        self.decoder.ends_ms.clear()
        self.store.counts.load_ms, loads = [], self.store.counts.found.total() - self.store.counts.found["device"]
        running = asyncio.create_task(self.engine.run())
        began, computed = time.perf_counter(), time.process_time()
        await asyncio.gather(*(self._caller(wanted) for _ in range(AT_ONCE)))
        took, computed = time.perf_counter() - began, time.process_time() - computed
        running.cancel()
        await asyncio.wait([running])
        step = statistics.median(self.decoder.steps_ms)
        return {
            "tokens_a_second": REQUESTS * self._new_tokens / took,
            "tokens_a_cpu_second": REQUESTS * self._new_tokens / computed,
            "loads": self.store.counts.found.total() - self.store.counts.found["device"] - loads,
            "load_p50_ms": percentile(self.store.counts.load_ms, 0.5),
            "step_p50_ms": step,
            "p99 step / median": float(np.percentile(self.decoder.steps_ms, 99)) / step,
            "p99 pause between steps / median step": self._pauses_p99() / step,
        }

    def _pauses_p99(self) -> float:
        """From one step's end to the next one's beginning, ms: what the event loop takes, or waits for."""
        starts = np.array(self.decoder.ends_ms) - np.array(self.decoder.steps_ms)
        return float(np.percentile(starts[1:] - np.array(self.decoder.ends_ms[:-1]), 99))

    async def _caller(self, wanted: Any) -> None:
        for url in wanted:
            request = GenerationRequest(prompt="What now?", tenant="t", max_tokens=self._new_tokens)
            async with aclosing(self.engine.generate(request, adapter=url, deadline_ms=1e15)) as pieces:
                async for _ in pieces:
                    pass


def published(root: Path, pools: AdapterPools, number: int) -> str:
    """A directory: packing a thousand archives would take longer than the benchmark."""
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
    return str(folder)


async def zipf_traffic(
    folder: Path, executor: ThreadPoolExecutor, *, rounds: int = 3, new_tokens: int = NEW_TOKENS
) -> Figures:
    warm_disk = folder / "warm"
    few, host = (Traffic(warm_disk, executor, new_tokens) for _ in range(2))
    urls = [published(folder / "published", few.pools, number) for number in range(ADAPTERS)]
    for store, known in ((few.store, urls[:FEW]), (host.store, urls)):
        for url in known:
            async with store.held(url):
                pass
    found: dict[str, list[Figures]] = {arm: [] for arm in ARMS}
    for turn in range(rounds):
        cold, disk = (Traffic(where, executor, new_tokens) for where in (folder / f"cold{turn}", warm_disk))
        for arm, traffic in zip(ARMS, (few, cold, disk, host), strict=True):
            found[arm].append(await traffic.serve(urls[:FEW] if traffic is few else urls, turn))
        for traffic in (cold, disk):
            await traffic.store.close()
    for traffic in (few, host):
        await traffic.store.close()
    best = {arm: _best(figures) for arm, figures in found.items()}
    for figures in best.values():
        for unit in ("second", "cpu_second"):
            name = f"tokens_a_{unit}"
            figures[f"to 8 by {unit}"] = figures[name] / best["8"][name]
    return {"zipf": {arm: {name: round(value, 2) for name, value in each.items()} for arm, each in best.items()}}


def _best(rounds: Sequence[Figures]) -> Figures:
    """Of each figure the best round: neighbours only ever make it worse."""
    return {name: (max if name.startswith("tokens") else min)(one[name] for one in rounds) for name in rounds[0]}


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=NEW_TOKENS, help="new ones a text: a load is paid once a text")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as executor:
        figures = asyncio.run(zipf_traffic(Path(folder), executor, rounds=options.rounds, new_tokens=options.tokens))
    figures["load"] = os.getloadavg()
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
