"""Whether keeping texts back in a burst helps the batcher: ``python -m benchmarks.batch_windows [--seconds 4]``.

A shard for each window, loaded in turn, round by round: so many callers, each with a text that the shard has not read,
asking again as soon as it is answered. A window helps where more texts a second are read at the same 95th percentile.
Processor time a text says whether larger batches cost less, whoever else is on the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import tempfile
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.encoder_latency import UTTERANCES, percentiles, started_shard
from benchmarks.light_client import connected, post
from benchmarks.processor_time import processor_ms
from local.interruption import ended_in_order
from model_containers.trainer.packages import build_packages

WINDOWS_MS = (0, 10, 50, 150, 300)
CALLERS = (4, 16, 64)


@dataclass(frozen=True)
class LoadedShard:
    port: int
    pid: int
    client: Any

    async def passes(self) -> int:
        return int((await self.client.get("/residency")).json()["batcher"]["passes"])


async def burst(shard: LoadedShard, tenant: str, callers: int, seconds: float, new: Any) -> dict[str, float]:
    took: list[float] = []
    until = time.perf_counter() + seconds
    computed, passes = processor_ms(shard.pid), await shard.passes()

    async def caller() -> None:
        connection = await connected(shard.port)
        while (began := time.perf_counter()) < until:
            request = {"tenant": tenant, "text": next(new), "speaker": "customer", "inputs": {}}
            await connection.ask(post("/models/intent/invoke", request))
            took.append((time.perf_counter() - began) * 1000)
        connection.close()

    await asyncio.gather(*(caller() for _ in range(callers)))
    texts = len(took)
    return {
        "texts_per_s": texts / seconds,
        **percentiles(took),
        "processor_ms_a_text": (processor_ms(shard.pid) - computed) / texts,
        "texts_a_pass": texts / max(1, await shard.passes() - passes),
    }


async def measured(tenant: str, package: Path, seconds: float, rounds: int) -> dict[str, Any]:
    new = (f"{text} {number}" for number, text in enumerate(itertools.cycle(UTTERANCES)))
    found: defaultdict[tuple[int, int], list[dict[str, float]]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        shards = {}
        for window in WINDOWS_MS:
            options = ("--windows-ms", json.dumps({"intent": window}))
            client, _, pid = await stack.enter_async_context(started_shard([package], 1, *options))
            shards[window] = LoadedShard(client.base_url.port or 0, pid, client)
            await burst(shards[window], tenant, 4, 0.5, new)
        for _ in range(rounds):
            for callers, window in itertools.product(CALLERS, WINDOWS_MS):
                found[callers, window].append(await burst(shards[window], tenant, callers, seconds, new))
    return {
        f"{callers} callers": {
            f"window {window} ms": {
                name: round(statistics.median(each[name] for each in found[callers, window]), 1)
                for name in found[callers, window][0]
            }
            for window in WINDOWS_MS
        }
        for callers in CALLERS
    }


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenant", type=Path, default=Path("tenants/harbour_bank"))
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        packages = build_packages(options.tenant, options.packages or Path(folder))
        intent = next(package for package in packages if package.parent.name == "intent")
        tenant = options.tenant.resolve().name
        figures = asyncio.run(measured(tenant, intent, options.seconds, options.rounds))
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
