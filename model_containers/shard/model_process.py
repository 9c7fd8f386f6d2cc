"""The model process: the encoder, the loaded heads, and a Unix socket on which the envelope asks.

Frames in: {"id", "op": "load" | "unload" | "invoke", "model", ...}; out: {"ready"} once, then {"id", "status",
"body"} in the order in which answers are found.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import shutil
import signal
import socket
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from model_containers.shard.batcher import Busy, SharedReadings
from model_containers.shard.encoder import MiniLmEncoder, Reading
from model_containers.shard.frames import read_frame, write_frame
from model_containers.shard.heads import Head, load_head
from model_containers.shard.heads.classifier import ClassifierHead
from sotto.inference.package import BadPackage, ModelCard, open_package
from sotto.inference.registry import SHARED

LONGEST_TEXT = 20_000
Answer = tuple[int, dict[str, Any]]


class NoRoom(Exception):
    """The model does not fit into the memory that is left."""


class Models:
    """The heads in memory. One thread computes; the loop only waits."""

    def __init__(self, encoder: MiniLmEncoder, executor: ThreadPoolExecutor) -> None:
        self._encoder = encoder
        self._executor = executor
        self._readings = SharedReadings(encoder, executor)
        self._heads: dict[str, tuple[ModelCard, Head]] = {}
        self._operations: dict[str, Callable[[dict[str, Any]], Awaitable[Answer]]] = {
            "load": self._load,
            "unload": self._unload,
            "invoke": self._invoke,
        }

    async def answer(self, frame: dict[str, Any]) -> Answer:
        return await self._operations[frame["op"]](frame)

    async def _load(self, frame: dict[str, Any]) -> Answer:
        workspace = Path(tempfile.mkdtemp(prefix="sotto-model-"))
        try:
            card, head, size = await asyncio.to_thread(self._opened, Path(frame["path"]), workspace, frame["room"])
        except BadPackage as bad:
            return 400, {"error": str(bad)}
        except NoRoom as full:
            return 507, {"error": str(full)}
        finally:
            await asyncio.to_thread(shutil.rmtree, workspace, ignore_errors=True)
        self._heads[frame["model"]] = (card, head)
        return 200, {"bytes": size, "target_model": card.target_model}

    def _opened(self, path: Path, workspace: Path, room: int) -> tuple[ModelCard, Head, int]:
        package = open_package(path, workspace)
        if package.size_bytes > room:
            raise NoRoom(
                f"{package.card.target_model} needs {package.size_bytes} bytes, {room} are left: unload another"
            )
        return package.card, load_head(package, base_revision=self._encoder.revision), package.size_bytes

    async def _unload(self, frame: dict[str, Any]) -> Answer:
        self._heads.pop(frame["model"], None)
        await asyncio.get_running_loop().run_in_executor(self._executor, gc.collect)
        return 200, {}

    async def _invoke(self, frame: dict[str, Any]) -> Answer:
        loaded = self._heads.get(frame["model"])
        if loaded is None:
            return 404, {"error": f"model {frame['model']} is not loaded"}
        card, head = loaded
        request = frame["request"]
        if wrong := _wrong_with(request, card):
            return 400, {"error": wrong}
        try:
            reading = await self._readings.reading(request["text"]) if head.needs_reading else None
            reading = await self._as_tuned(request["text"], reading, head)
        except Busy:
            return 503, {"error": "too many texts are waiting: try again shortly"}
        return 200, head.answer(request, reading)

    async def _as_tuned(self, text: str, reading: Reading | None, head: Head) -> Reading | None:
        """A head with an adapter needs a pass of its own; the others' is shared."""
        if reading is None or not isinstance(head, ClassifierHead) or head.adapter is None:
            return reading
        loop, additions = asyncio.get_running_loop(), head.adapter.additions
        return await loop.run_in_executor(self._executor, self._encoder.tuned, text, reading, additions)


def _wrong_with(request: Any, card: ModelCard) -> str | None:
    text = request.get("text") if isinstance(request, dict) else None
    if not isinstance(text, str) or not text.strip():
        return 'the request needs a "text" that is a non-empty string'
    if len(text) > LONGEST_TEXT:
        return f'"text" has {len(text)} characters, more than {LONGEST_TEXT}: send one utterance at a time'
    if card.tenant not in (SHARED, request.get("tenant", card.tenant)):
        return '"tenant" is not the owner of this model: correct the registry'
    if not isinstance(request.get("k", 1), int) or request.get("k", 1) < 1:
        return '"k" must be a whole number from 1'
    return None


async def serve(connection: socket.socket, *, threads: int) -> None:
    """Until the envelope hangs up: it is the only client, and a model process without one has no purpose."""
    reader, writer = await asyncio.open_connection(sock=connection)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder") as executor:
        encoder = await asyncio.get_running_loop().run_in_executor(executor, lambda: _warmed(threads))
        models = Models(encoder, executor)
        write_frame(writer, {"ready": True})
        async with asyncio.TaskGroup() as answering:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    answering.create_task(_reply(models, await read_frame(reader), writer))


def _warmed(threads: int) -> MiniLmEncoder:
    encoder = MiniLmEncoder(threads=threads)
    encoder.read(["The first pass allocates what the others use."])
    return encoder


async def _reply(models: Models, frame: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    try:
        status, body = await models.answer(frame)
    except Exception as error:
        status, body = 500, {"error": f"the model failed: {type(error).__name__}"}
    write_frame(writer, {"id": frame["id"], "status": status, "body": body})
    with contextlib.suppress(ConnectionError):
        await writer.drain()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True, help="the inherited end of the envelope's socket pair")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the envelope hangs up in order
    asyncio.run(serve(socket.socket(fileno=arguments.fd), threads=arguments.threads))


if __name__ == "__main__":
    main()
