"""All of a tenant's models on one utterance: a request each, and one for all, beside the bare pass of the encoder.

``python -m benchmarks.wave_latency [--tenant DIR]``. One run, one shard, arms in turn, so that a busy neighbour hits
every arm alike: read the ratios. Processor time is the shard's alone, and says what is left when others compute too.
*Bare*: the encoder's pass in this process, with nothing around it. *Apart*: a request for each model, all at once, as a
wave was asked before. *Together*: one request. With frozen heads, and with an intent that brings a LoRA adapter,
trained here from the tenant's own phrases. Every utterance is new to the shard. Then two shards answer the tenant's
phrases, one apart and one together, and what they say is compared.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from benchmarks.encoder_latency import UTTERANCES, percentiles, started_shard
from benchmarks.light_client import LightConnection, connected, post
from benchmarks.processor_time import processor_ms
from local.interruption import ended_in_order
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.trainer.examples.tenant_files import read_tenant
from model_containers.trainer.packages import build_adapted, build_packages
from sotto.models.package import read_archived_card

GOALS = {"frozen": 1.3, "with an adapter": 2.0}
"""Together, times the bare pass, at the 95th percentile."""
WARM_UP_ROUNDS = 10
Arm = Callable[[str], Awaitable[object]]


class Wave:
    """One tenant's models on a shard that has loaded them, asked for in both ways."""

    def __init__(self, port: int, tenant: str, packages: Sequence[Path]) -> None:
        self._port = port
        self._tenant = tenant
        self._packages = [(loaded_name(package), read_archived_card(package).target_model) for package in packages]
        self._connections: list[LightConnection] = []

    async def connect(self) -> None:
        self._connections = [await connected(self._port) for _ in self._packages]

    async def apart(self, text: str) -> list[Any]:
        asked = [post(f"/models/{name}/invoke", self._request(text)) for name, _ in self._packages]
        answers = await asyncio.gather(*(each.ask(one) for each, one in zip(self._connections, asked, strict=True)))
        return [json.loads(body) for _, body in answers]

    async def together(self, text: str) -> list[Any]:
        wave = [{"model": target} for _, target in self._packages]
        first, _ = self._packages[0]
        _, body = await self._connections[0].ask(post(f"/models/{first}/invoke", {**self._request(text), "wave": wave}))
        return [each["output"] for each in json.loads(body)["wave"]]

    def _request(self, text: str) -> dict[str, Any]:
        return {"tenant": self._tenant, "text": text, "speaker": "customer", "inputs": {}}


def loaded_name(package: Path) -> str:
    return f"{package.parent.name}-{package.name.removesuffix('.tar.gz')}"


async def latencies(
    tenant: str, kinds: Mapping[str, Sequence[Path]], rounds: int, before: Path | None
) -> dict[str, Any]:
    """``before``: a checkout of an earlier commit, whose shard is asked apart, as its functions did."""
    encoder = MiniLmEncoder(threads=1)

    async def bare(text: str) -> None:
        encoder.encode([text])

    arms: dict[str, tuple[Arm, int]] = {"bare pass": (bare, os.getpid())}
    async with AsyncExitStack() as stack:
        for checkout in (before, None) if before else (None,):
            client, _, shard = await stack.enter_async_context(started_shard([], 1, checkout=checkout))
            await load(client, {package for packages in kinds.values() for package in packages})
            for kind, packages in kinds.items():
                wave = Wave(client.base_url.port or 0, tenant, packages)
                await wave.connect()
                if checkout:
                    arms[f"{kind}, before"] = wave.apart, shard
                else:
                    arms |= {f"{kind}, apart": (wave.apart, shard), f"{kind}, together": (wave.together, shard)}
        return await in_turn(arms, rounds)


async def in_turn(arms: Mapping[str, tuple[Arm, int]], rounds: int) -> dict[str, Any]:
    """Each arm and the process that computes for it."""
    took: dict[str, list[float]] = {name: [] for name in arms}
    computed: dict[str, list[float]] = {name: [] for name in arms}
    number, names = itertools.count(), list(arms)
    for turn in range(WARM_UP_ROUNDS + rounds):
        text, first = UTTERANCES[turn % len(UTTERANCES)], turn % len(names)
        for name in names[first:] + names[:first]:
            ask, pid = arms[name]
            before, started = processor_ms(pid), time.perf_counter()
            await ask(f"{text} {next(number):05}")
            took[name].append((time.perf_counter() - started) * 1000)
            computed[name].append(processor_ms(pid) - before)
    kept = slice(WARM_UP_ROUNDS, None)
    return {
        "ms": {name: percentiles(times[kept]) for name, times in took.items()},
        "processor ms": {name: percentiles(times[kept]) for name, times in computed.items()},
    }


async def load(client: Any, packages: set[Path]) -> None:
    for package in sorted(packages):
        body = {"model_name": loaded_name(package), "url": str(package)}
        (await client.post("/models", json=body)).raise_for_status()


async def compared(tenant: str, packages: Sequence[Path], texts: Sequence[str]) -> dict[str, Any]:
    """What differs between one shard that is asked apart and another that is asked together."""
    async with AsyncExitStack() as stack:
        waves = []
        for _ in range(2):
            client, _, _ = await stack.enter_async_context(started_shard([], 1))
            await load(client, set(packages))
            waves.append(Wave(client.base_url.port or 0, tenant, packages))
            await waves[-1].connect()
        apart, together = waves
        pairs = [(await apart.apart(text), await together.together(text)) for text in texts]
    return {
        "texts": len(texts),
        "answers": sum(len(one) for one, _ in pairs),
        "of another label": sum(
            _labels(a) != _labels(b) for one, other in pairs for a, b in zip(one, other, strict=True)
        ),
        "furthest confidence apart": max(_furthest(a, b) for a, b in pairs),
    }


def _labels(output: Any) -> Any:
    """The answer without its numbers."""
    if isinstance(output, dict):
        return {name: _labels(value) for name, value in output.items()}
    if isinstance(output, list):
        return [_labels(value) for value in output]
    return None if isinstance(output, float) else output


def _furthest(one: Any, other: Any) -> float:
    if isinstance(one, dict) and isinstance(other, dict):
        return max((_furthest(one[name], other[name]) for name in one.keys() & other.keys()), default=0.0)
    if isinstance(one, list) and isinstance(other, list):
        return max((_furthest(a, b) for a, b in zip(one, other, strict=False)), default=0.0)
    return abs(one - other) if isinstance(one, float) and isinstance(other, float) else 0.0


def ratios(figures: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Of each arm to the bare pass."""
    bare = figures["bare pass"]
    return {
        name: {p: round(times[p] / bare[p], 2) for p in ("p50", "p95")}
        for name, times in figures.items()
        if name != "bare pass"
    }


def phrases_of(tenant: Path) -> tuple[tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]], list[str]]:
    """What its intents are trained from, and all of its phrases."""
    files = read_tenant(tenant)
    texts = [text for several in files.intents.values() for text in several] + list(files.none_of_these)
    return (files.intents, files.none_of_these), texts


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenant", type=Path, default=Path("tenants/harbour_bank"))
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--packages", type=Path, help="where trained packages are kept from run to run")
    parser.add_argument("--adapted", type=Path, help="an intent with an adapter, instead of one that is trained here")
    parser.add_argument("--before", type=Path, help="a checkout of an earlier commit, to be measured beside this one")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    tenant = options.tenant.resolve().name
    with tempfile.TemporaryDirectory() as folder:
        out = options.packages or Path(folder)
        frozen = build_packages(options.tenant, out, lambda what, _: print(what, file=sys.stderr), at_once=True)
        examples, texts = phrases_of(options.tenant)
        adapted = options.adapted
        if adapted is None:
            print("training an intent with an adapter", file=sys.stderr)
            adapted = build_adapted(examples, out, tenant=tenant, method="lora")
        kinds = {"frozen": frozen, "with an adapter": [adapted, *(p for p in frozen if p.parent.name != "intent")]}
        figures = asyncio.run(latencies(tenant, kinds, options.rounds, options.before))
        answers = {kind: asyncio.run(compared(tenant, packages, texts)) for kind, packages in kinds.items()}
    times = {of: ratios(arms) for of, arms in figures.items()}
    met = {kind: times["ms"][f"{kind}, together"]["p95"] <= goal for kind, goal in GOALS.items()}
    result = {**figures, "times the bare pass": times, "goals met": met, "answers compared": answers}
    print(json.dumps(result, indent=2))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
