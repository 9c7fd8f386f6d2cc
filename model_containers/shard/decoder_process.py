"""The model process of a generating shard: base model, adapter store, step loop, and the socket to the envelope.

Frames in: {"id", "op": "load" | "unload" | "invoke" | "status" | "beat" | "cancel", "model", …}; out:
{"ready"} once, then {"id", "part"} for each piece of a streamed text and {"id", "status", "body"} at its end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from model_containers.shard.adapter_store.disk import DiskPackages
from model_containers.shard.adapter_store.refusals import Answer, refusal
from model_containers.shard.adapter_store.sources import LocalPackages, Sources, s3_when_needed
from model_containers.shard.adapter_store.store import AdapterStore, Base, percentile
from model_containers.shard.frames import read_frame, write_frame
from model_containers.shard.generation.base_model import BaseModel, fingerprint
from model_containers.shard.generation.decoder import Decoder
from model_containers.shard.generation.engine import GenerationEngine, Piece, TooLate
from model_containers.shard.generation.prefixes import Prefixes
from model_containers.shard.generation.request import read_request
from model_containers.shard.lora.gathered import LLAMA_TARGETS, install
from sotto.clock import Clock, SystemClock

Tell = Callable[[dict[str, Any]], Awaitable[None]]


class Generators:
    """Adapters under the names that the faces know, in front of the engine."""

    def __init__(self, engine: GenerationEngine, store: AdapterStore, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock
        self._urls: dict[str, str] = {}

    async def answer(self, frame: dict[str, Any], tell: Tell) -> Answer:
        match frame["op"]:
            case "load":
                return await self._load(frame)
            case "unload":
                return await self._unload(frame["model"])
            case "status":
                return 200, self._status()
            case "beat":
                return 200, {"busy_ms": self._engine.busy_ms}
            case _:
                return await self._invoke(frame, tell)

    async def _load(self, frame: dict[str, Any]) -> Answer:
        url = frame["path"]
        if not frame["preload"] and not frame["pin"]:
            self._urls[frame["model"]] = url
            return 200, {"bytes": 0}
        async with self._store.held(url) as slot:
            if frame["pin"]:
                self._store.pin(url)
            self._urls[frame["model"]] = url
            return 200, {"bytes": slot.bytes, "target_model": slot.card.target_model}

    async def _unload(self, name: str) -> Answer:
        url = self._urls.pop(name, None)
        if url is not None and url not in self._urls.values():
            await self._store.remove(url)
        return 200, {}

    async def _invoke(self, frame: dict[str, Any], tell: Tell) -> Answer:
        name = frame["model"]
        adapter = frame.get("url") or self._urls.get(name)
        if name and adapter is None:
            return 404, {"error": f"adapter {name} is not loaded"}
        request = read_request(frame["request"])
        deadline_ms = self._clock.monotonic_ms() + float(frame["timeout_ms"])
        texts, last = [], Piece("")
        async with contextlib.aclosing(
            self._engine.generate(request, adapter=adapter, deadline_ms=deadline_ms)
        ) as pieces:
            async for last in pieces:
                if request.stream and last.text:
                    await tell({"part": {"text": last.text}})
                texts.append(last.text)
        if last.finish == "deadline" and not request.stream:
            raise TooLate("the deadline passed before the text was finished")
        return 200, {"text": "" if request.stream else "".join(texts), **_ending(last)}

    def _status(self) -> dict[str, Any]:
        counts = self._store.counts
        return {
            "adapters": [asdict(residency) for residency in self._store.residency()],
            "found": dict(counts.found),
            "evictions": self._store.evictions,
            "load_ms": {"p50": percentile(counts.load_ms, 0.5), "p99": percentile(counts.load_ms, 0.99)},
            "step_ms": self._engine.step_ms,
            "running": self._engine.running,
            "waiting": self._engine.waiting,
            "prefixes": _shared_beginnings(self._engine.prefixes),
        }


def _shared_beginnings(prefixes: Prefixes) -> dict[str, int]:
    return {
        "bytes": prefixes.bytes,
        "prompt_tokens": prefixes.asked_tokens,
        "tokens_not_computed_again": prefixes.found_tokens,
    }


def _ending(last: Piece) -> dict[str, Any]:
    usage = {"prompt_tokens": last.prompt_tokens, "completion_tokens": last.completion_tokens}
    return {"finish_reason": last.finish, "usage": usage}


async def serve(connection: socket.socket, options: argparse.Namespace) -> None:
    """Until the envelope hangs up."""
    reader, writer = await asyncio.open_connection(sock=connection)
    with ThreadPoolExecutor(1, thread_name_prefix="decoder") as executor:
        engine, store = await asyncio.get_running_loop().run_in_executor(executor, _built, options, executor)
        generators = Generators(engine, store, SystemClock())
        running = asyncio.create_task(engine.run())
        write_frame(writer, {"ready": True})
        try:
            await _converse(generators, reader, writer)
        finally:
            running.cancel()
            await asyncio.wait([running])
            await store.close()


async def _converse(generators: Generators, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    working: dict[int, asyncio.Task[None]] = {}
    try:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                frame = await read_frame(reader)
                if frame["op"] != "cancel":
                    task = working[frame["id"]] = asyncio.create_task(_reply(generators, frame, writer))
                    task.add_done_callback(partial(_forget, working, frame["id"]))
                elif frame["id"] in working:
                    working[frame["id"]].cancel()
    finally:
        for task in list(working.values()):
            task.cancel()
        await asyncio.gather(*working.values(), return_exceptions=True)


def _forget(working: dict[int, asyncio.Task[None]], number: int, _: asyncio.Task[None]) -> None:
    working.pop(number, None)


async def _reply(generators: Generators, frame: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    async def tell(content: dict[str, Any]) -> None:
        write_frame(writer, {"id": frame["id"], **content})
        with contextlib.suppress(ConnectionError):
            await writer.drain()

    try:
        status, body = await generators.answer(frame, tell)
    except Exception as error:
        status, body = refusal(error)
    await tell({"status": status, "body": body})


def _built(options: argparse.Namespace, executor: ThreadPoolExecutor) -> tuple[GenerationEngine, AdapterStore]:
    import torch

    torch.set_num_threads(options.threads)
    clock = SystemClock()
    base = BaseModel.load(options.model, dtype=getattr(torch, options.dtype), device=options.device)
    pools = install(base.model, LLAMA_TARGETS, rank_rows=options.rank_rows)
    source = Sources(LocalPackages(), s3_when_needed)
    disk = DiskPackages(options.disk or Path(tempfile.mkdtemp()), source, budget_bytes=options.disk_mb * 1024**2)
    identity = Base(options.base_name or options.model.name, options.base_revision or fingerprint(options.model))
    store = AdapterStore(pools, disk, identity, clock, host_bytes=options.host_mb * 1024**2)
    decoder = Decoder(base.model, pools, rows=options.rows, prefix_bytes=options.prefix_mb * 1024**2)
    return GenerationEngine(base, decoder, store, clock, executor), store


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True, help="the inherited end of the envelope's socket pair")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, required=True, help="a Llama- or Mistral-shaped model directory")
    parser.add_argument("--base-name", help="what adapters call this base; the directory's name if absent")
    parser.add_argument("--base-revision", help="its revision on the adapters' cards; a fingerprint if absent")
    parser.add_argument("--dtype", choices=["float32", "bfloat16", "float16"], default="bfloat16")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--rows", type=int, default=32, help="texts written at once")
    parser.add_argument(
        "--rank-rows", type=int, default=1024, help="device slots, in rank rows: 1024 hold 64 of rank 16"
    )
    parser.add_argument(
        "--prefix-mb", type=int, default=512, help="for beginnings that prompts have in common; 0: none"
    )
    parser.add_argument("--host-mb", type=int, default=2048, help="adapters kept in host memory")
    parser.add_argument("--disk-mb", type=int, default=20_480, help="adapters kept on disk")
    parser.add_argument("--disk", type=Path, help="where; a new temporary folder if absent")
    return parser.parse_args(arguments)


def main() -> None:
    options = options_of()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the envelope hangs up in order
    asyncio.run(serve(socket.socket(fileno=options.fd), options))


if __name__ == "__main__":
    main()
