"""The model process: the encoder, the loaded heads, and a Unix socket on which the supervisor asks. Answers leave in
the order in which they are found.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from model_containers.shard.adapters.disk import DiskPackages, packages_folder
from model_containers.shard.adapters.sources import LocalPackages, Sources, s3_when_needed
from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.base_encoder.minilm import MiniLmEncoder, multiplies_bfloat16
from model_containers.shard.encoder import wave
from model_containers.shard.encoder.batcher import EmbeddingBatcher, Urgency
from model_containers.shard.encoder.loaded_heads import LoadedHead, LoadedHeads
from model_containers.shard.encoder.similarity import call_texts_in, similarities
from model_containers.shard.encoder.similarity import wrong_with as wrong_with_call_texts
from model_containers.shard.encoder.sketch import sketch, sketched_texts_in
from model_containers.shard.encoder.sketch import wrong_with as wrong_with_sketched
from model_containers.shard.encoder.vectors import texts_in, vectors
from model_containers.shard.encoder.vectors import wrong_with as wrong_with_texts
from model_containers.shard.protocol.errors import InvalidRequest
from model_containers.shard.protocol.frames import error_frame, read_frame, write_frame
from model_containers.shard.protocol.refusals import refusal
from model_containers.shard.protocol.supervisors_end import end_with_the_supervisor
from sotto.core.clock import Clock, SystemClock
from sotto.models.registry import SHARED

LONGEST_TEXT = 20_000
Body = dict[str, Any]


class Models:
    """The heads, and the batcher in front of the encoder. One thread computes; the loop only waits."""

    def __init__(self, heads: LoadedHeads, embeddings: EmbeddingBatcher, clock: Clock) -> None:
        self._heads = heads
        self._embeddings = embeddings
        self._clock = clock
        self._operations: dict[str, Callable[[dict[str, Any]], Awaitable[Body]]] = {
            "load": self._load,
            "unload": self._unload,
            "invoke": self._invoke,
            "status": self._status,
            "heartbeat": self._heartbeat,
        }

    async def answer(self, frame: dict[str, Any]) -> Body:
        return await self._operations[frame["op"]](frame)

    async def _load(self, frame: dict[str, Any]) -> Body:
        loaded = await self._heads.load(frame["model"], frame["path"], room=frame["room"])
        return {"bytes": loaded.bytes, "target_model": loaded.card.target_model}

    async def _unload(self, frame: dict[str, Any]) -> Body:
        unloaded = await self._heads.unload(frame["model"])
        if unloaded is not None and unloaded.adapter is not None:
            self._embeddings.forget(unloaded.adapter)
        return {}

    async def _invoke(self, frame: dict[str, Any]) -> Body:
        request = frame["request"]
        if isinstance(request, dict) and "wave" in request:
            return await wave.answered(wave.asks_in(frame), self._in_a_wave)
        _check(request)
        async with self._heads.held(frame["model"], frame.get("url")) as loaded:
            return await self._answered(loaded, request, float(frame["timeout_ms"]))

    async def _in_a_wave(self, ask: wave.Ask) -> Body:
        _check(ask.request)
        with self._heads.held_if_here(ask.target_model, ask.name, ask.url) as loaded:
            return await self._answered(loaded, ask.request, ask.timeout_ms)

    async def _answered(self, loaded: LoadedHead, request: dict[str, Any], timeout_ms: float) -> Body:
        card, head = loaded.card, loaded.head
        tenant = request.get("tenant", SHARED)  # who says nothing is nobody's, and not the owner
        if card.tenant not in (SHARED, tenant):
            raise InvalidRequest('"tenant" is not the owner of this model: name the owner, or correct the registry')
        deadline_ms = self._clock.monotonic_ms() + timeout_ms
        urgency = Urgency(tenant, deadline_ms)
        if (texts := texts_in(request)) is not None:
            return await vectors(texts, lambda text: self._embeddings.embedding(text, None, urgency))
        if (sketched := sketched_texts_in(request)) is not None:

            def base(text: str) -> Awaitable[TextEmbedding]:
                return self._embeddings.embedding(text, None, urgency)

            return await sketch(sketched, head, lambda text: self._embedding(text, loaded, urgency), base)
        if not head.needs_embedding:
            return head.answer(request, None)
        embedding = await self._embedding(request["text"], loaded, urgency)
        if (call_texts := call_texts_in(request)) is not None:
            return await similarities(embedding, call_texts, lambda text: self._embedding(text, loaded, urgency))
        return head.answer(request, embedding)

    async def _embedding(self, text: str, loaded: LoadedHead, urgency: Urgency) -> TextEmbedding:
        """The base's own is most often there already: the tenant's other heads look at it."""
        if loaded.adapter is None or not loaded.head.needs_base_too:
            return await self._embeddings.embedding(text, loaded.adapter, urgency)
        base, adapted = await asyncio.gather(
            self._embeddings.embedding(text, None, urgency), self._embeddings.embedding(text, loaded.adapter, urgency)
        )
        return base.beside(adapted)

    async def _status(self, frame: dict[str, Any]) -> Body:
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
        return {"models": heads, "batcher": self._embeddings.status()}

    async def _heartbeat(self, frame: dict[str, Any]) -> Body:
        return {"busy_ms": self._embeddings.busy_ms}


def _check(request: Any) -> None:
    if wrong := _wrong_with(request):
        raise InvalidRequest(wrong)


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
    if (texts := texts_in(request)) is not None:
        return wrong_with_texts(texts, LONGEST_TEXT)
    if (sketched := sketched_texts_in(request)) is not None:
        return wrong_with_sketched(sketched, LONGEST_TEXT)
    call_texts = call_texts_in(request)
    return None if call_texts is None else wrong_with_call_texts(call_texts, LONGEST_TEXT)


async def serve(connection: socket.socket, options: argparse.Namespace) -> None:
    """Until the supervisor hangs up: it is the only client, and a model process without one has no purpose."""
    reader, writer = await asyncio.open_connection(sock=connection)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder") as executor:
        encoder = await asyncio.get_running_loop().run_in_executor(executor, _warmed, options)
        heads = LoadedHeads(encoder, _disk(options), on_demand_bytes=options.on_demand_mb * 1024**2)
        models = Models(heads, EmbeddingBatcher(encoder, executor), SystemClock())
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
    encoder.encode(["The first pass allocates what the others use."])
    return encoder


def _disk(options: argparse.Namespace) -> DiskPackages:
    source = Sources(LocalPackages(), s3_when_needed)
    return DiskPackages(options.disk, source, budget_bytes=options.disk_mb * 1024**2)


async def _reply(models: Models, frame: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    try:
        write_frame(writer, {"id": frame["id"], "body": await models.answer(frame)})
    except Exception as error:
        write_frame(writer, error_frame(frame["id"], refusal(error)))
    with contextlib.suppress(ConnectionError):
        await writer.drain()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True, help="the inherited end of the supervisor's socket pair")
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
    arguments = parser.parse_args()
    connection = socket.socket(fileno=arguments.fd)
    end_with_the_supervisor(connection)
    with packages_folder(arguments.disk) as arguments.disk:
        asyncio.run(serve(connection, arguments))


if __name__ == "__main__":
    main()
