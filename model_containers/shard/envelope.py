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
from collections.abc import AsyncGenerator, AsyncIterator
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
    pinned: bool = False


ENCODER = "model_containers.shard.model_process"
DECODER = "model_containers.shard.decoder_process"


class ModelProcess:
    """One child process and the conversation with it."""

    def __init__(self, child: asyncio.subprocess.Process, ours: socket.socket) -> None:
        self.child = child
        self._socket = ours
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Queue[dict[str, Any] | Refused]] = {}
        self._writer: asyncio.StreamWriter | None = None

    @classmethod
    async def start(cls, module: str, *options: str) -> ModelProcess:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        with theirs:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", module, "--fd", str(theirs.fileno()), *options, pass_fds=[theirs.fileno()]
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
                elif waiting := self._pending.get(frame["id"]):
                    waiting.put_nowait(frame)  # at most one part a token, and tokens are bounded
        except (asyncio.IncompleteReadError, ConnectionError):
            log.warning("model process gone, %d requests in hand", len(self._pending))
        finally:
            self._refuse_pending()
            self._writer.close()

    async def ask(self, op: str, model: str, *, timeout_ms: float, **rest: Any) -> dict[str, Any]:
        async with contextlib.aclosing(self.stream(op, model, timeout_ms=timeout_ms, **rest)) as parts:
            async for part in parts:
                return part
        raise Refused(500, "the model process gave no answer")

    async def stream(
        self, op: str, model: str, *, timeout_ms: float, **rest: Any
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The parts of an answer, and then its end. Closing it, or the timeout, cancels the work."""
        number, answers = self._opened()
        writer, finished = self._writer, False
        assert writer is not None
        until = asyncio.get_running_loop().time() + timeout_ms / 1000
        try:
            write_frame(writer, {"id": number, "op": op, "model": model, "timeout_ms": timeout_ms, **rest})
            while not finished:
                async with asyncio.timeout_at(until):
                    frame = await answers.get()
                finished = isinstance(frame, Refused) or "part" not in frame
                yield _accepted(frame)
        except TimeoutError:
            raise Refused(408, f"not finished within {timeout_ms:.0f} ms") from None
        finally:
            self._pending.pop(number, None)
            if not finished and not writer.is_closing():
                write_frame(writer, {"id": number, "op": "cancel"})

    def _opened(self) -> tuple[int, asyncio.Queue[dict[str, Any] | Refused]]:
        if self._writer is None or self._writer.is_closing():
            raise Refused(503, "the model process is starting: try again shortly")
        if len(self._pending) >= MOST_IN_FLIGHT:
            raise Refused(503, f"{MOST_IN_FLIGHT} requests are in flight: try again shortly")
        number = next(self._ids)
        answers = self._pending[number] = asyncio.Queue()
        return number, answers

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
            waiting.put_nowait(Refused(503, "the model process ended while it worked on this: try again"))


class Envelope:
    def __init__(
        self, *, threads: int = 1, memory_bytes: int = 1024**3, process: str = ENCODER, options: tuple[str, ...] = ()
    ) -> None:
        """``process``: the module that computes; ``options``: its command line beside the socket and the threads."""
        self._process_options = (process, "--threads", str(threads), *options)
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

    async def load(self, name: str, url: str, *, pinned: bool = False, preload: bool = True) -> LoadedModel:
        async with self._changing:
            if name in self._models:
                raise Refused(409, f"model {name} is already loaded")
            self._models[name] = loaded = await self._loaded(name, url, pinned=pinned, preload=preload)
            return loaded

    async def unload(self, name: str) -> LoadedModel:
        async with self._changing:
            self.model(name)
            await self._asked("unload", name, timeout_ms=LOAD_MS)
            return self._models.pop(name)

    async def invoke(self, name: str, request: Any, *, timeout_ms: float) -> dict[str, Any]:
        async with contextlib.aclosing(self.stream(name, request, timeout_ms=timeout_ms)) as answer:
            async for body in answer:
                return body
        raise Refused(500, "the model process gave no answer")

    async def stream(
        self, name: str, request: Any, *, timeout_ms: float, url: str | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """``url``: where the package is fetched from if it is not there yet; without one it must have been loaded."""
        if url is None and name:
            self.model(name)
        if not self._ready or self._process is None:
            # A new process may not have this model back yet, which is no reason to answer 404.
            raise Refused(503, "the model process is starting: try again shortly")
        rest = {"request": request, "url": url}
        async with contextlib.aclosing(self._process.stream("invoke", name, timeout_ms=timeout_ms, **rest)) as answer:
            async for body in answer:
                yield body

    async def status(self) -> dict[str, Any]:
        """What is resident, and how the batcher fares: for metrics, and for a router that prefers the warm shard."""
        return await self._asked("status", "", timeout_ms=LOAD_MS)

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
        process = self._process = await ModelProcess.start(*self._process_options)
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
            await self._loaded(model.name, model.url, pinned=model.pinned, preload=True)
        except Refused as refused:
            log.error("model lost in a restart: %s", refused)
            self._models.pop(model.name)

    async def _loaded(self, name: str, url: str, *, pinned: bool, preload: bool) -> LoadedModel:
        room = self._memory_bytes - sum(m.bytes for m in self._models.values() if m.name != name)
        rest = {"path": url, "room": room, "pin": pinned, "preload": preload}
        body = await self._asked("load", name, timeout_ms=LOAD_MS, **rest)
        return LoadedModel(name, url, int(body["bytes"]), pinned)

    async def _asked(self, op: str, name: str, *, timeout_ms: float, **rest: Any) -> dict[str, Any]:
        if self._process is None:
            raise Refused(503, "the model process is starting: try again shortly")
        return await self._process.ask(op, name, timeout_ms=timeout_ms, **rest)


def _accepted(frame: dict[str, Any] | Refused) -> dict[str, Any]:
    if isinstance(frame, Refused):
        raise frame
    body: dict[str, Any] = frame["part"] if "part" in frame else frame["body"]
    if "part" in frame:
        return body
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
