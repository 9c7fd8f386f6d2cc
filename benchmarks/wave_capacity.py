"""How many fused requests a minute one shard takes: waves that come at random, at rising rates, until they are late.

    python -m benchmarks.wave_capacity [--tenant DIR] [--rates 1000 2000] [--seconds 10] [--threads 1] [--json FILE]

Open loop: a wave comes when it comes, whether the shard is free or not, as from calls that know nothing of each other.
An instance runs one model process, as here; its other processors serve HTTP. Each utterance is new. On a machine that
others use, read the processor time: the shard computes one pass at a time, so that a minute holds 60,000 ms of them,
and queues grow long above two thirds of that.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.encoder_latency import UTTERANCES, percentiles, started_shard
from benchmarks.processor_time import processor_ms
from benchmarks.wave_latency import Wave, load
from local.interruption import ended_in_order
from model_containers.trainer.packages import build_packages

RATES = (1_000, 2_000, 3_000, 4_000)
LATE_MS = 50.0
"""At p95, a third of our own budget."""
MOST_OPEN = 64


@dataclass(frozen=True, slots=True)
class Rate:
    """``a_minute``: as asked for. ``computed_ms``: the shard's processor time of a request."""

    a_minute: int
    answered: int
    p50_ms: float
    p95_ms: float
    computed_ms: float
    load: float

    @property
    def is_late(self) -> bool:
        return self.p95_ms > LATE_MS


async def measured(
    tenant: str, packages: Sequence[Path], rates: Sequence[int], seconds: float, threads: int
) -> list[Rate]:
    async with started_shard([], threads) as (client, _, shard):
        await load(client, set(packages))
        port = client.base_url.port or 0
        free: asyncio.Queue[Wave] = asyncio.Queue()
        for _ in range(MOST_OPEN):
            wave = Wave(port, tenant, packages[:])
            await wave.connect()
            free.put_nowait(wave)
        number, found = itertools.count(), []
        for rate in (rates[0], *rates):  # the first warms up
            found.append(await _at(rate, free, number, shard, seconds))
            if found[-1].is_late and len(found) > 1:
                break
    return found[1:]


async def _at(
    a_minute: int, free: asyncio.Queue[Wave], number: itertools.count[int], shard: int, seconds: float
) -> Rate:
    chance, took, began_cpu = random.Random(a_minute), [], processor_ms(shard)

    async def one() -> None:
        began = time.perf_counter()
        wave = await free.get()
        try:
            await wave.together(f"{UTTERANCES[next(number) % len(UTTERANCES)]} {next(number):06}")
        finally:
            free.put_nowait(wave)
        took.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        while time.perf_counter() - began < seconds:
            tasks.create_task(one())
            await asyncio.sleep(chance.expovariate(a_minute / 60))
    computed_ms = (processor_ms(shard) - began_cpu) / len(took)
    times = percentiles(took)
    return Rate(a_minute, len(took), times["p50"], times["p95"], round(computed_ms, 1), round(os.getloadavg()[0], 1))


def line_of(one: Rate) -> str:
    return (
        f"{one.a_minute:>6} a minute: p50 {one.p50_ms:6.1f}  p95 {one.p95_ms:6.1f} ms, {one.computed_ms:.1f} ms of a "
        f"processor each ({one.answered} answered, load {one.load})"
    )


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenant", type=Path, default=Path("tenants/harbour_bank"))
    parser.add_argument("--rates", type=int, nargs="+", default=list(RATES))
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=1, help="an instance is deployed with two")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    tenant = asked.tenant.resolve().name
    with tempfile.TemporaryDirectory() as folder:
        packages = build_packages(
            asked.tenant, Path(folder), lambda what, _: print(what, file=sys.stderr), at_once=True
        )
        found = asyncio.run(measured(tenant, packages, asked.rates, asked.seconds, asked.threads))
    print("\n".join(map(line_of, found)))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
