"""Load times by tier, for an adapter of a 7B model's size: ``python -m benchmarks.adapter_store [--layers 32]``.

Rank 16 on q, k, v, o of the Mistral-7B and Llama-3-8B shape in bf16: 27.3 MB. Cold is copied and checked; disk is read;
host is copied into the slot. Then the same by stage, in milliseconds of the processor, for a published folder and for
an archive. The base model itself is not needed for any of this.

The supervisor starts the model process with THP_MEM_ALLOC_ENABLE=1: set it here too, or to 0 for the difference.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from local.interruption import ended_in_order
from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import LocalPackages
from model_containers.shard.adapters.store import AdapterStore, Base, percentile
from model_containers.shard.lora.gathered import AdapterPools
from model_containers.shard.lora.peft_format import AdapterWeights, aligned, read_adapter
from sotto.core.clock import SystemClock
from sotto.models.package import ModelCard, open_package, write_package

RANK, HIDDEN, KEYS = 16, 4096, 1024
SLOTS, ADAPTERS = 2, 3


def targets(layers: int) -> dict[str, tuple[int, int]]:
    shapes = {"q_proj": HIDDEN, "k_proj": KEYS, "v_proj": KEYS, "o_proj": HIDDEN}
    return {
        f"model.layers.{layer}.self_attn.{name}": (HIDDEN, out)
        for layer in range(layers)
        for name, out in shapes.items()
    }


def write_packages(root: Path, pools: AdapterPools) -> list[str]:
    urls = []
    for number in range(ADAPTERS):
        tensors = {}
        for name, (width, height) in pools.targets.items():
            tensors[f"base_model.model.{name}.lora_A.weight"] = torch.randn(RANK, width).bfloat16()
            tensors[f"base_model.model.{name}.lora_B.weight"] = torch.randn(height, RANK).bfloat16()
        config = json.dumps({"peft_type": "LORA", "r": RANK, "lora_alpha": RANK}).encode()
        files = {"adapter_config.json": config, "adapter_model.safetensors": save(tensors)}
        folder = root / str(number)
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        about: dict[str, Any] = {"tenant": "t", "model": f"m{number}", "version": "1", "files": digests}
        card = ModelCard(task="generation", base_model="base", base_revision="1", **about)
        (folder / "model.json").write_text(card.model_dump_json())
        urls.append(str(folder))
    return urls


def stages(folder: Path, layers: int, rounds: int) -> dict[str, dict[str, float]]:
    """Processor milliseconds of each stage of a load, the best round of each."""
    pools = AdapterPools(targets(layers), rank_rows=RANK, dtype=torch.bfloat16)
    published = write_packages(folder / "published", pools)[0]
    package = open_package(Path(published), folder)
    files = {name: package.read(name) for name in package.card.files}
    archive = str(write_package(package.card, files, folder / "archives"))
    placement = pools.reserve(RANK)
    disk = DiskPackages(folder / "disk", LocalPackages(), budget_bytes=10**10)

    def opened(url: str) -> Path:
        with disk.opened(url) as (found, _):
            return found.directory

    def fetched(url: str) -> Path:
        disk.forget(url)
        return opened(url)

    def read() -> AdapterWeights:
        return aligned(read_adapter(opened(published), dtype=pools.dtype), pools.targets, ())

    weights = aligned(read_adapter(Path(published), dtype=pools.dtype), pools.targets, ())
    timed: dict[str, Callable[[], object]] = {
        "folder: copied and checked": lambda: fetched(published),
        "archive: unpacked and checked": lambda: fetched(archive),
        "found on disk": lambda: opened(published),
        "found and read": read,
        "written into the slot": lambda: pools.write(placement, weights),
    }
    best = dict.fromkeys(timed, float("inf"))
    for _ in range(rounds):
        for name, stage in timed.items():
            began = time.thread_time()
            stage()
            best[name] = min(best[name], (time.thread_time() - began) * 1000)
    return {"processor ms by stage": {name: round(took, 2) for name, took in best.items()}}


async def load_ms(store: AdapterStore, urls: list[str], rounds: int) -> list[float]:
    """Three adapters take turns in two slots, so each is loaded every time."""
    before = len(store.counts.load_ms)
    for _ in range(rounds):
        for url in urls:
            async with store.held(url):
                pass
    return store.counts.load_ms[before:]


async def measured(folder: Path, layers: int, rounds: int) -> dict[str, Any]:
    def any_pools() -> AdapterPools:
        return AdapterPools(targets(layers), rank_rows=SLOTS * RANK, dtype=torch.bfloat16)

    pools = any_pools()
    urls = write_packages(folder / "published", pools)
    disk = DiskPackages(folder / "disk", LocalPackages(), budget_bytes=10**10)
    found: dict[str, Any] = {}
    for host_bytes, tiers in ((0, ("cold", "disk")), (10**10, ("warm up", "host"))):
        store = AdapterStore(any_pools(), disk, Base("base", "1"), SystemClock(), host_bytes=host_bytes)
        for tier in tiers:
            took = await load_ms(store, urls, 1 if tier in ("cold", "warm up") else rounds)
            found[f"{tier}, ms"] = {"best": round(min(took), 1), "p50": round(percentile(took, 0.5), 1)}
        await store.close()
    del found["warm up, ms"]
    size = (Path(urls[0]) / "adapter_model.safetensors").stat().st_size
    return {**found, "slot / file": round(RANK * pools.row_bytes / size, 4), "file_mb": round(size / 1e6, 1)}


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measured(Path(folder) / "tiers", options.layers, options.rounds))
        found |= stages(Path(folder) / "stages", options.layers, options.rounds)
    print(json.dumps({**found, "load": os.getloadavg()}, indent=2))


if __name__ == "__main__":
    main()
