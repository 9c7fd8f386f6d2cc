"""Dispatches requests to the model process over a Unix socket, and keeps that process alive.

The envelope remembers which models are loaded, so that a new process gets them back; what a dead one had in hand is
answered with a retryable error. Requests in flight are bounded: past the bound they are refused, not queued.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from model_containers.shard.frames import read_frame, write_frame

log = logging.getLogger(__name__)

MOST_IN_FLIGHT = 512
LOAD_MS = 60_000.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0


class Refused(Exception):
    """An answer other than 200: an HTTP status and a message for the caller."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class LoadedModel:
    name: str
    url: str
    bytes: int


class ModelProcess:
    """One child process and the conversation with it."""

    def __init__(self, child: asyncio.subprocess.Process, ours: socket.socket) -> None:
        self.child = child
        self._socket = ours
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._writer: asyncio.StreamWriter | None = None

    @classmethod
    async def start(cls, *, threads: int) -> ModelProcess:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        module = "model_containers.shard.model_process"
        arguments = ("--fd", str(theirs.fileno()), "--threads", str(threads))
        with theirs:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", module, *arguments, pass_fds=[theirs.fileno()]
            )
        return cls(child, ours)

    async def converse(self, ready: asyncio.Event) -> None:
        """Reads answers until the process is gone; then everything pending is refused."""
        reader, self._writer = await asyncio.open_connection(sock=self._socket)
        try:
            while True:
                frame = await read_frame(reader)
                if "ready" in frame:
                    ready.set()
                elif (waiting := self._pending.pop(frame["id"], None)) and not waiting.done():
                    waiting.set_result(frame)
        except (asyncio.IncompleteReadError, ConnectionError):
            log.warning("model process gone, %d requests in hand", len(self._pending))
        finally:
            self._refuse_pending()
            self._writer.close()

    async def ask(self, op: str, model: str, *, timeout_ms: float, **rest: Any) -> dict[str, Any]:
        if self._writer is None or self._writer.is_closing():
            raise Refused(503, "the model process is starting: try again shortly")
        if len(self._pending) >= MOST_IN_FLIGHT:
            raise Refused(503, f"{MOST_IN_FLIGHT} requests are in flight: try again shortly")
        number = next(self._ids)
        answer = self._pending[number] = asyncio.get_running_loop().create_future()
        try:
            write_frame(self._writer, {"id": number, "op": op, "model": model, **rest})
            async with asyncio.timeout(timeout_ms / 1000):
                return _accepted(await answer)
        except TimeoutError:
            raise Refused(408, f"not finished within {timeout_ms:.0f} ms") from None
        finally:
            self._pending.pop(number, None)

    async def stop(self) -> None:
        if self._writer is not None:
            self._writer.close()
        try:
            async with asyncio.timeout(2):
                await self.child.wait()
        except TimeoutError:
            self.child.kill()
            await self.child.wait()

    def _refuse_pending(self) -> None:
        for waiting in self._pending.values():
            if not waiting.done():
                waiting.set_exception(Refused(503, "the model process ended while it worked on this: try again"))


class Envelope:
    def __init__(self, *, threads: int = 1, memory_bytes: int = 1024**3) -> None:
        self._threads = threads
        self._memory_bytes = memory_bytes
        self._models: dict[str, LoadedModel] = {}
        self._changing = asyncio.Lock()
        self._process: ModelProcess | None = None
        self._ready = False
        self.restarts = 0

    @property
    def ready(self) -> bool:
        return self._ready

    @property
    def models(self) -> list[LoadedModel]:
        """In the order of their loading, which paging relies on."""
        return list(self._models.values())

    def model(self, name: str) -> LoadedModel:
        if name not in self._models:
            raise Refused(404, f"model {name} is not loaded")
        return self._models[name]

    async def load(self, name: str, url: str) -> LoadedModel:
        async with self._changing:
            if name in self._models:
                raise Refused(409, f"model {name} is already loaded")
            self._models[name] = loaded = await self._loaded(name, url)
            return loaded

    async def unload(self, name: str) -> LoadedModel:
        async with self._changing:
            self.model(name)
            await self._asked("unload", name, timeout_ms=LOAD_MS)
            return self._models.pop(name)

    async def invoke(self, name: str, request: Any, *, timeout_ms: float) -> dict[str, Any]:
        self.model(name)
        if not self._ready:  # a new process may not have this model back yet, which is no reason to answer 404
            raise Refused(503, "the model process is starting: try again shortly")
        return await self._asked("invoke", name, timeout_ms=timeout_ms, request=request)

    async def run(self) -> None:
        """Keeps a model process alive until cancelled."""
        pause = _FIRST_PAUSE_S
        while True:
            try:
                if await self._one_life():
                    pause = _FIRST_PAUSE_S
            finally:
                self._ready, self._process = False, None
            self.restarts += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _one_life(self) -> bool:
        """One process from start to end. Whether it ever became ready."""
        process = self._process = await ModelProcess.start(threads=self._threads)
        began = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as tasks:
                waiting = tasks.create_task(self._prepare(began))
                await process.converse(began)
                waiting.cancel()
        finally:
            await process.stop()
        return began.is_set()

    async def _prepare(self, began: asyncio.Event) -> None:
        await began.wait()
        async with self._changing:
            for model in self.models:
                await self._restore(model)
            self._ready = True
        log.info("shard ready, %d models", len(self._models))

    async def _restore(self, model: LoadedModel) -> None:
        try:
            await self._loaded(model.name, model.url)
        except Refused as refused:
            log.error("model lost in a restart: %s", refused)
            self._models.pop(model.name)

    async def _loaded(self, name: str, url: str) -> LoadedModel:
        room = self._memory_bytes - sum(m.bytes for m in self._models.values() if m.name != name)
        body = await self._asked("load", name, timeout_ms=LOAD_MS, path=url, room=room)
        return LoadedModel(name, url, int(body["bytes"]))

    async def _asked(self, op: str, name: str, *, timeout_ms: float, **rest: Any) -> dict[str, Any]:
        if self._process is None:
            raise Refused(503, "the model process is starting: try again shortly")
        return await self._process.ask(op, name, timeout_ms=timeout_ms, **rest)


def _accepted(frame: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = frame["body"]
    if frame["status"] != 200:
        raise Refused(frame["status"], body["error"])
    return body


@contextlib.asynccontextmanager
async def running(envelope: Envelope) -> AsyncIterator[Envelope]:
    task = asyncio.create_task(envelope.run())
    try:
        yield envelope
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
