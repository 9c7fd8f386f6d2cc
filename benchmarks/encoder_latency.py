"""What one utterance costs on the shard, over HTTP: ``python -m benchmarks.encoder_latency [--tenant DIR]``.

Light load: utterances one after the other, the models of each asked in parallel, as a wave of the inference graph asks
them. Burst: many utterances at once. Every utterance is new to the shard, so that nothing comes from its memory.
``--engines`` compares the encoder's forward pass with transformers' own, on one and on two threads.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.light_client import LightConnection, connected, post
from local.interruption import ended_in_order
from local.parent_process import command, inherited
from model_containers.shard.base_encoder.minilm import MiniLmEncoder, packaged_model
from model_containers.trainer.packages import build_packages

AT_ONCE = 64
UTTERANCES = (
    "hi yes I'd like to close my account because of the monthly fees",
    "my card was declined at the store this morning and I don't know why",
    "thank you for calling my name is Anna this call is recorded how can I help you today",
    "there is a charge of two hundred dollars from last Tuesday that I don't recognise. Can you take it off?",
    "okay",
    "when I brake there is a grinding noise from the front left and it gets worse when it rains in the morning",
)


def percentiles(took_ms: Sequence[float]) -> dict[str, float]:
    return {f"p{p}": round(float(np.percentile(took_ms, p)), 2) for p in (50, 95, 99)}


@asynccontextmanager
async def started_shard(
    packages: Sequence[Path], threads: int, *more: str, checkout: Path | None = None
) -> AsyncIterator[tuple[httpx.AsyncClient, float, int]]:
    """A client, how many seconds the shard took to be ready, and its process; ``more``: further options; ``checkout``:
    whose code it runs, by default this one's. The metrics that it writes to its standard output go nowhere."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shard = command("model_containers.shard", "--port", str(port), "--threads", str(threads), *more)
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *shard, cwd=checkout, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=inherited()
    )
    assert process.stderr is not None
    try:
        async for line in process.stderr:
            if b"shard ready" in line:
                break
        drained = asyncio.create_task(process.stderr.read())  # a full pipe would stop the shard
        ready_s = time.perf_counter() - started
        limits = httpx.Limits(max_connections=64)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as client:
            for package in packages:
                body = {"model_name": package.parent.name, "url": str(package)}
                (await client.post("/models", json=body)).raise_for_status()
            yield client, ready_s, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
        drained.cancel()


class Callers:
    """At most 64 requests open at once."""

    def __init__(self, port: int, tenant: str, models: Sequence[str]) -> None:
        self._port = port
        self._tenant = tenant
        self._models = models
        self._idle: asyncio.LifoQueue[LightConnection] = asyncio.LifoQueue()

    async def connect(self) -> None:
        for _ in range(AT_ONCE):
            self._idle.put_nowait(await connected(self._port))

    async def wave(self, text: str) -> float:
        """All models on one utterance, in parallel; how long until the last has answered, in ms."""
        started = time.perf_counter()
        request = {"tenant": self._tenant, "text": text, "speaker": "customer", "inputs": {}}
        await asyncio.gather(*(self._asked(post(f"/models/{model}/invoke", request)) for model in self._models))
        return (time.perf_counter() - started) * 1000

    async def _asked(self, request: bytes) -> None:
        connection = await self._idle.get()
        await connection.ask(request)
        self._idle.put_nowait(connection)


async def over_http(tenant: str, packages: Sequence[Path], rounds: int, threads: int) -> dict[str, Any]:
    models = [package.parent.name for package in packages]
    new = (f"{text} {number}" for number, text in enumerate(itertools.cycle(UTTERANCES)))
    async with started_shard(packages, threads) as (client, ready_s, _):
        assert client.base_url.port is not None
        callers = Callers(client.base_url.port, tenant, models)
        await callers.connect()
        for _ in range(10):
            await callers.wave(next(new))
        light = [await callers.wave(next(new)) for _ in range(rounds)]
        started = time.perf_counter()
        burst = await asyncio.gather(*(callers.wave(next(new)) for _ in range(48)))
        burst_s = time.perf_counter() - started
        known = next(new)
        await callers.wave(known)
        from_memory = [await callers.wave(known) for _ in range(rounds)]
    return {
        "models": models,
        "ready_s": round(ready_s, 2),
        "all_models_on_one_utterance_ms": percentiles(light),
        "the_same_from_memory_ms": percentiles(from_memory),
        "burst_of_48_ms": percentiles(burst),
        "burst_utterances_per_s": round(48 / burst_s, 1),
    }


def engines(rounds: int) -> dict[str, Any]:
    """Round robin, so that a busy neighbour hits every arm alike."""
    arms: dict[str, Callable[[str], object]] = {}
    ours = MiniLmEncoder(threads=1)
    arms["ours, pieces too"] = lambda text: ours.encode([text])
    arms["ours, whole text"] = lambda text: ours._vectors([text], [None])
    arms["transformers"] = transformers_pass()
    took: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(rounds + 5):
        for name, encode in arms.items():
            started = time.perf_counter()
            encode(f"{UTTERANCES[number % len(UTTERANCES)]} {number}")
            took[name].append((time.perf_counter() - started) * 1000)
    return {name: percentiles(times[5:]) for name, times in took.items()}


def transformers_pass() -> Callable[[str], object]:
    import torch
    from transformers import AutoModel, AutoTokenizer

    directory = str(packaged_model())
    tokenizer, model = AutoTokenizer.from_pretrained(directory), AutoModel.from_pretrained(directory).eval()

    def encode(text: str) -> object:
        with torch.inference_mode():
            return model(**tokenizer(text, return_tensors="pt")).last_hidden_state.mean(dim=1)

    return encode


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenant", type=Path, default=Path("tenants/harbour_bank"))
    parser.add_argument("--rounds", type=int, default=120)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--engines", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        packages = build_packages(options.tenant, Path(out), lambda what, _: print(what, file=sys.stderr), at_once=True)
        figures = asyncio.run(over_http(options.tenant.resolve().name, packages, options.rounds, options.threads))
    if options.engines:
        figures["engines_ms"] = engines(options.rounds)
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
