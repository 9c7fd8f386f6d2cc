"""The model process: the encoder, the loaded heads, and a Unix socket on which the envelope asks.

Frames in: {"id", "op": "load" | "unload" | "invoke" | "status" | "beat", "model", ...}; out: {"ready"} once, then
{"id", "status", "body"} in the order in which answers are found.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from model_containers.shard.adapter_store.disk import DiskPackages, packages_folder
from model_containers.shard.adapter_store.refusals import Answer, refusal
from model_containers.shard.adapter_store.sources import LocalPackages, Sources, s3_when_needed
from model_containers.shard.batcher import Busy, Late, SharedReadings, Urgency
from model_containers.shard.encoder import MiniLmEncoder, multiplies_bfloat16
from model_containers.shard.envelopes_end import end_with_the_envelope
from model_containers.shard.frames import read_frame, write_frame
from model_containers.shard.likeness import likeness, said_in
from model_containers.shard.likeness import wrong_with as wrong_with_said
from model_containers.shard.loaded_heads import LoadedHead, LoadedHeads, NotLoaded
from model_containers.shard.reading import Reading
from sotto.core.clock import Clock, SystemClock
from sotto.models.package import ModelCard
from sotto.models.registry import SHARED

LONGEST_TEXT = 20_000


class Models:
    """The heads, and the batcher in front of the encoder. One thread computes; the loop only waits."""

    def __init__(
        self, heads: LoadedHeads, readings: SharedReadings, clock: Clock, windows_ms: Mapping[str, float]
    ) -> None:
        """``windows_ms``: how long a text may be kept back in a burst, by ``tenant/model`` or by ``model``."""
        self._heads = heads
        self._windows_ms = windows_ms
        self._readings = readings
        self._clock = clock
        self._operations: dict[str, Callable[[dict[str, Any]], Awaitable[Answer]]] = {
            "load": self._load,
            "unload": self._unload,
            "invoke": self._invoke,
            "status": self._status,
            "beat": self._beat,
        }

    async def answer(self, frame: dict[str, Any]) -> Answer:
        try:
            return await self._operations[frame["op"]](frame)
        except Exception as error:
            return refusal(error)

    async def _load(self, frame: dict[str, Any]) -> Answer:
        loaded = await self._heads.load(frame["model"], frame["path"], room=frame["room"])
        return 200, {"bytes": loaded.bytes, "target_model": loaded.card.target_model}

    async def _unload(self, frame: dict[str, Any]) -> Answer:
        unloaded = await self._heads.unload(frame["model"])
        if unloaded is not None and unloaded.adapter is not None:
            self._readings.forget(unloaded.adapter)
        return 200, {}

    async def _invoke(self, frame: dict[str, Any]) -> Answer:
        request = frame["request"]
        if wrong := _wrong_with(request):
            return 400, {"error": wrong}
        try:
            async with self._heads.held(frame["model"], frame.get("url")) as loaded:
                return await self._answered(loaded, request, frame)
        except NotLoaded:
            return 404, {"error": f"model {frame['model']} is not loaded"}
        except Busy:
            return 503, {"error": "too many texts are waiting: try again shortly"}
        except Late:
            return 408, {"error": "this cannot be finished before its deadline"}

    async def _answered(self, loaded: LoadedHead, request: dict[str, Any], frame: dict[str, Any]) -> Answer:
        card, head = loaded.card, loaded.head
        tenant = request.get("tenant", SHARED)  # who says nothing is nobody's, and not the owner
        if card.tenant not in (SHARED, tenant):
            return 400, {"error": '"tenant" is not the owner of this model: name the owner, or correct the registry'}
        if not head.needs_reading:
            return 200, head.answer(request, None)
        deadline_ms = self._clock.monotonic_ms() + float(frame["timeout_ms"])
        urgency = Urgency(tenant, deadline_ms, self._window_ms(card))
        reading = await self._reading(request["text"], loaded, urgency)
        if (said := said_in(request)) is not None:
            return 200, await likeness(reading, said, lambda text: self._reading(text, loaded, urgency))
        return 200, head.answer(request, reading)

    async def _reading(self, text: str, loaded: LoadedHead, urgency: Urgency) -> Reading:
        """The base's own is most often there already: the tenant's other heads look at it."""
        if loaded.adapter is None or not loaded.head.reads_base_too:
            return await self._readings.reading(text, loaded.adapter, urgency)
        base, adapted = await asyncio.gather(
            self._readings.reading(text, None, urgency), self._readings.reading(text, loaded.adapter, urgency)
        )
        return base.beside(adapted)

    def _window_ms(self, card: ModelCard) -> float:
        windows = self._windows_ms
        return windows.get(f"{card.tenant}/{card.model}", windows.get(card.model, 0.0))

    async def _status(self, frame: dict[str, Any]) -> Answer:
        heads = [
            {
                "name": name,
                "target_model": one.card.target_model,
                "bytes": one.bytes,
                "rank": len(one.adapter.rows) if one.adapter else 0,
                "on_demand": one.on_demand,
            }
            for name, one in self._heads.items()
        ]
        return 200, {"models": heads, "batcher": self._readings.status()}

    async def _beat(self, frame: dict[str, Any]) -> Answer:
        return 200, {"busy_ms": self._readings.busy_ms}


def _wrong_with(request: Any) -> str | None:
    text = request.get("text") if isinstance(request, dict) else None
    if not isinstance(text, str) or not text.strip():
        return 'the request needs a "text" that is a non-empty string'
    if len(text) > LONGEST_TEXT:
        return f'"text" has {len(text)} characters, more than {LONGEST_TEXT}: send one utterance at a time'
    if not isinstance(request.get("tenant", ""), str):
        return '"tenant" must be a string'
    if not isinstance(request.get("k", 1), int) or request.get("k", 1) < 1:
        return '"k" must be a whole number from 1'
    said = said_in(request)
    return None if said is None else wrong_with_said(said, LONGEST_TEXT)


async def serve(connection: socket.socket, options: argparse.Namespace) -> None:
    """Until the envelope hangs up: it is the only client, and a model process without one has no purpose."""
    reader, writer = await asyncio.open_connection(sock=connection)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder") as executor:
        encoder = await asyncio.get_running_loop().run_in_executor(executor, _warmed, options)
        heads = LoadedHeads(encoder, _disk(options), on_demand_bytes=options.on_demand_mb * 1024**2)
        models = Models(heads, SharedReadings(encoder, executor), SystemClock(), options.windows_ms)
        write_frame(writer, {"ready": True})
        async with asyncio.TaskGroup() as answering:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    frame = await read_frame(reader)
                    if frame["op"] != "cancel":  # a pass is shared and takes milliseconds: it is not worth stopping
                        answering.create_task(_reply(models, frame, writer))


def _warmed(options: argparse.Namespace) -> MiniLmEncoder:
    narrow = options.precision == "bfloat16" or (options.precision == "auto" and multiplies_bfloat16())
    encoder = MiniLmEncoder(threads=options.threads, narrow=narrow)
    if options.rank_rows:
        encoder.take_adapters(rank_rows=options.rank_rows)
    encoder.read(["The first pass allocates what the others use."])
    return encoder


def _disk(options: argparse.Namespace) -> DiskPackages:
    source = Sources(LocalPackages(), s3_when_needed)
    return DiskPackages(options.disk, source, budget_bytes=options.disk_mb * 1024**2)


async def _reply(models: Models, frame: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    status, body = await models.answer(frame)
    write_frame(writer, {"id": frame["id"], "status": status, "body": body})
    with contextlib.suppress(ConnectionError):
        await writer.drain()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True, help="the inherited end of the envelope's socket pair")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--precision",
        choices=["float32", "bfloat16", "auto"],
        default=os.environ.get("SOTTO_ENCODER_PRECISION", "float32"),
        help="of the encoder's Linears; auto: bfloat16 where the processor has tiles for it",
    )
    parser.add_argument("--rank-rows", type=int, default=128, help="room for adapters, in rank rows; 0: none")
    parser.add_argument("--on-demand-mb", type=int, default=512, help="memory for packages fetched when asked for")
    parser.add_argument("--disk", type=Path, help="where fetched packages are kept; a new temporary folder if absent")
    parser.add_argument("--disk-mb", type=int, default=4096)
    parser.add_argument("--windows-ms", type=json.loads, default={}, help='{"tenant/model": ms, "model": ms}')
    arguments = parser.parse_args()
    connection = socket.socket(fileno=arguments.fd)
    end_with_the_envelope(connection)
    with packages_folder(arguments.disk) as arguments.disk:
        asyncio.run(serve(connection, arguments))


if __name__ == "__main__":
    main()
