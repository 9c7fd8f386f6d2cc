"""The model process of a generating shard: base model, adapter store, step loop, and the socket to the supervisor."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from model_containers.shard.adapters.disk import DiskPackages, packages_folder
from model_containers.shard.adapters.sources import LocalPackages, Sources, s3_when_needed
from model_containers.shard.adapters.store import AdapterStore, Base
from model_containers.shard.decoder.base_model import BaseModel, fingerprint
from model_containers.shard.decoder.choice import ENGINES, OWN, VLLM, vllm_arguments
from model_containers.shard.decoder.decoder import Decoder
from model_containers.shard.decoder.engine import GeneratedText, GenerationEngine, TooLate
from model_containers.shard.decoder.hosted import HostedEngine, OwnEngine
from model_containers.shard.decoder.request import read_request
from model_containers.shard.lora.gathered import LLAMA_TARGETS, install
from model_containers.shard.protocol.errors import ModelNotFound
from model_containers.shard.protocol.frames import error_frame, read_frame, write_frame
from model_containers.shard.protocol.refusals import refusal
from model_containers.shard.protocol.supervisors_end import end_with_the_supervisor
from sotto.core.clock import Clock, SystemClock

log = logging.getLogger(__name__)

Body = dict[str, Any]
SendPart = Callable[[Body], Awaitable[None]]


class Generators:
    """Adapters under the names that the faces know, in front of the engine."""

    def __init__(self, engine: HostedEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._urls: dict[str, str] = {}

    async def answer(self, frame: dict[str, Any], send_part: SendPart) -> Body:
        match frame["op"]:
            case "load":
                return await self._load(frame)
            case "unload":
                return await self._unload(frame["model"])
            case "status":
                return self._engine.status
            case "heartbeat":
                return {"busy_ms": self._engine.busy_ms}
            case _:
                return await self._invoke(frame, send_part)

    async def _load(self, frame: dict[str, Any]) -> Body:
        url = frame["path"]
        if not frame["preload"] and not frame["pin"]:
            self._urls[frame["model"]] = url
            return {"bytes": 0}
        prepared = await self._engine.prepare(url, pin=frame["pin"])
        self._urls[frame["model"]] = url
        return {"bytes": prepared.bytes, "target_model": prepared.target_model}

    async def _unload(self, name: str) -> Body:
        url = self._urls.pop(name, None)
        if url is not None and url not in self._urls.values():
            await self._engine.remove(url)
        return {}

    async def _invoke(self, frame: dict[str, Any], send_part: SendPart) -> Body:
        name = frame["model"]
        adapter = frame.get("url") or self._urls.get(name)
        if name and adapter is None:
            raise ModelNotFound(f"adapter {name} is not loaded")
        request = read_request(frame["request"])
        deadline_ms = self._clock.monotonic_ms() + float(frame["timeout_ms"])
        texts, last = [], GeneratedText("")
        async with contextlib.aclosing(
            self._engine.generate(request, adapter=adapter, deadline_ms=deadline_ms)
        ) as pieces:
            async for last in pieces:
                if request.stream and last.text:
                    await send_part({"text": last.text})
                texts.append(last.text)
        if last.finish == "deadline" and not request.stream:
            raise TooLate("the deadline passed before the text was finished")
        return {"text": "" if request.stream else "".join(texts), **_ending(last)}


def _ending(last: GeneratedText) -> dict[str, Any]:
    usage = {"prompt_tokens": last.prompt_tokens, "completion_tokens": last.completion_tokens}
    return {"finish_reason": last.finish, "usage": usage}


async def serve(connection: socket.socket, options: argparse.Namespace) -> None:
    """Until the supervisor hangs up, or the engine is lost."""
    reader, writer = await asyncio.open_connection(sock=connection)
    with ThreadPoolExecutor(1, thread_name_prefix="decoder") as executor:
        engine = await _engine(options, executor)
        generators = Generators(engine, SystemClock())
        running = asyncio.create_task(engine.run())
        write_frame(writer, {"ready": True})
        answering = asyncio.create_task(_answer_frames(generators, reader, writer))
        try:
            await asyncio.wait([running, answering], return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost = running.done()
            running.cancel()
            answering.cancel()
            await asyncio.gather(running, answering, return_exceptions=True)
            await engine.close()
            if lost:
                log.error("the engine is lost: this process ends")


async def _answer_frames(generators: Generators, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
    async def send(content: dict[str, Any]) -> None:
        write_frame(writer, content)
        with contextlib.suppress(ConnectionError):
            await writer.drain()

    async def send_part(part: Body) -> None:
        await send({"id": frame["id"], "part": part})

    try:
        answer = {"id": frame["id"], "body": await generators.answer(frame, send_part)}
    except Exception as error:
        answer = error_frame(frame["id"], refusal(error))
    await send(answer)


async def _engine(options: argparse.Namespace, executor: ThreadPoolExecutor) -> HostedEngine:
    source = Sources(LocalPackages(), s3_when_needed)
    disk = DiskPackages(options.disk, source, budget_bytes=options.disk_mb * 1024**2)
    identity = Base(options.base_name or options.model.name, options.base_revision or fingerprint(options.model))
    if options.decoder_engine == VLLM:
        from model_containers.shard.decoder.vllm.hosted import hosted_vllm

        return hosted_vllm(options, vllm_arguments(os.environ), disk, identity, SystemClock())
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(executor, _own, options, disk, identity, executor)


def _own(options: argparse.Namespace, disk: DiskPackages, identity: Base, executor: ThreadPoolExecutor) -> HostedEngine:
    import torch

    torch.set_num_threads(options.threads)
    clock = SystemClock()
    base = BaseModel.load(options.model, dtype=getattr(torch, options.dtype), device=options.device)
    pools = install(base.model, LLAMA_TARGETS, rank_rows=options.rank_rows)
    store = AdapterStore(pools, disk, identity, clock, host_bytes=options.host_mb * 1024**2)
    decoder = Decoder(base.model, pools, rows=options.rows, prefix_bytes=options.prefix_mb * 1024**2)
    return OwnEngine(GenerationEngine(base, decoder, store, clock, executor), store)


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True, help="the inherited end of the supervisor's socket pair")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, required=True, help="a Llama- or Mistral-shaped model directory")
    parser.add_argument("--base-name", help="what adapters call this base; the directory's name if absent")
    parser.add_argument("--base-revision", help="its revision on the adapters' cards; a fingerprint if absent")
    parser.add_argument("--decoder-engine", choices=ENGINES, default=OWN, help="see choice.py")
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
    connection = socket.socket(fileno=options.fd)
    end_with_the_supervisor(connection)
    with packages_folder(options.disk) as options.disk:
        asyncio.run(serve(connection, options))


if __name__ == "__main__":
    main()
