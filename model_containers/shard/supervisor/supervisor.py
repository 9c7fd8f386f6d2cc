"""Dispatches requests to the model process over a Unix socket, and keeps that process alive. It knows no HTTP.

The supervisor remembers which models are loaded, so that a new process gets them back; what a dead one had in hand is
answered with a retryable error. A model that cannot be had back just now (the storage does not answer, the process
ended again) is asked for until it can. Requests in flight are bounded: past the bound they are refused, not queued.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from model_containers.shard.protocol.errors import ModelAlreadyLoaded, ModelNotFound, ShardBusy, ShardError
from model_containers.shard.supervisor.process_client import HUNG_AFTER_MS, ModelProcess

log = logging.getLogger(__name__)

LOAD_MS = 60_000.0
WAVE_GRACE_MS = 50.0
"""A wave keeps its time model by model; who is in time is not lost with who is late."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0


@dataclass(frozen=True, slots=True)
class LoadedModel:
    name: str
    url: str
    bytes: int
    pinned: bool = False


ENCODER = "model_containers.shard.encoder.process"
DECODER = "model_containers.shard.decoder.process"


class Supervisor:
    def __init__(
        self,
        *,
        threads: int = 1,
        memory_bytes: int = 1024**3,
        process: str = ENCODER,
        options: tuple[str, ...] = (),
        hung_after_ms: float = HUNG_AFTER_MS,
    ) -> None:
        """``process``: the module that computes; ``options``: its command line beside the socket and the threads.
        ``hung_after_ms``: a process that answers no heartbeat for so long is killed; half of it, and health fails."""
        self._hung_after_ms = hung_after_ms
        self._process_options = (process, "--threads", str(threads), *options)
        self._memory_bytes = memory_bytes
        self._models: dict[str, LoadedModel] = {}
        self._missing: set[str] = set()
        self._changing = asyncio.Lock()
        self._process: ModelProcess | None = None
        self._ready = False
        self.restarts = 0

    @property
    def ready(self) -> bool:
        return self._ready and self._process is not None and self._process.answers

    @property
    def models(self) -> list[LoadedModel]:
        """In the order of their loading, which paging relies on."""
        return list(self._models.values())

    def model(self, name: str) -> LoadedModel:
        if name not in self._models:
            raise ModelNotFound(f"model {name} is not loaded")
        return self._models[name]

    async def load(self, name: str, url: str, *, pinned: bool = False, preload: bool = True) -> LoadedModel:
        async with self._changing:
            if name in self._models:
                raise ModelAlreadyLoaded(f"model {name} is already loaded")
            if not self._ready:
                # It would be loaded now and again with all others, and its first adapter would never leave.
                raise ShardBusy("the model process is starting: try again shortly")
            self._models[name] = loaded = await self._loaded(name, url, pinned=pinned, preload=preload)
            return loaded

    async def unload(self, name: str) -> LoadedModel:
        async with self._changing:
            self.model(name)
            if name not in self._missing:
                await self._asked("unload", name, timeout_ms=LOAD_MS)
            self._missing.discard(name)
            return self._models.pop(name)

    async def invoke(
        self,
        name: str,
        request: Any,
        *,
        timeout_ms: float,
        url: str | None = None,
        urls: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """``url``: where the package is fetched from if it is not there yet; without one it must have been loaded.
        ``urls``: the same of the packages that a wave names beside it."""
        process = self._process_for(name, url)
        patience_ms = timeout_ms if urls is None else timeout_ms + WAVE_GRACE_MS
        rest = {"request": request, "url": url, "urls": urls, "within_ms": timeout_ms}
        return await process.ask("invoke", name, timeout_ms=patience_ms, **rest)

    async def stream(
        self, name: str, request: Any, *, timeout_ms: float, url: str | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """As ``invoke``, in parts."""
        process = self._process_for(name, url)
        rest = {"request": request, "url": url}
        async with contextlib.aclosing(process.stream("invoke", name, timeout_ms=timeout_ms, **rest)) as answer:
            async for body in answer:
                yield body

    def _process_for(self, name: str, url: str | None) -> ModelProcess:
        if url is None and name:
            self.model(name)
        # A new process may not have this model back yet, which is no reason to answer 404.
        if not self.ready or self._process is None:
            raise ShardBusy("the model process is starting or hangs: try again shortly")
        if url is None and name in self._missing:
            raise ShardBusy(f"model {name} is being loaded again after a restart: try again shortly")
        return self._process

    async def status(self) -> dict[str, Any]:
        """What is resident, and how the batcher fares: for metrics, and for a router that prefers the warm shard."""
        if not self._ready:
            raise ShardBusy("the model process is starting: try again shortly")
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
                beside = [tasks.create_task(self._prepare(began)), tasks.create_task(self._watch(process, began))]
                await process.read_answers(began)
                for task in beside:
                    task.cancel()
        finally:
            self._ready = False  # before the end, which takes seconds
            await process.stop()
        return began.is_set()

    async def _prepare(self, began: asyncio.Event) -> None:
        await began.wait()
        async with self._changing:
            self._missing = set(self._models)
            await self._restore_missing()
            self._ready = True
        log.info("shard ready, %d models", len(self._models) - len(self._missing))
        pause = _FIRST_PAUSE_S
        while self._missing:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)
            async with self._changing:
                await self._restore_missing()

    async def _watch(self, process: ModelProcess, began: asyncio.Event) -> None:
        await began.wait()
        await process.watch(hung_after_ms=self._hung_after_ms)

    async def _restore_missing(self) -> None:
        for model in [one for one in self.models if one.name in self._missing]:
            try:
                await self._loaded(model.name, model.url, pinned=model.pinned, preload=True)
            except ShardBusy as busy:  # it passes, or the process has ended again: not the model's fault
                log.warning("model not back yet after a restart: %s", busy)
                continue
            except ShardError as error:
                log.error("model lost in a restart: %s", error)
                self._models.pop(model.name)
            self._missing.discard(model.name)

    async def _loaded(self, name: str, url: str, *, pinned: bool, preload: bool) -> LoadedModel:
        room = self._memory_bytes - sum(m.bytes for m in self._models.values() if m.name != name)
        rest = {"path": url, "room": room, "pin": pinned, "preload": preload}
        body = await self._asked("load", name, timeout_ms=LOAD_MS, **rest)
        return LoadedModel(name, url, int(body["bytes"]), pinned)

    async def _asked(self, op: str, name: str, *, timeout_ms: float, **rest: Any) -> dict[str, Any]:
        if self._process is None:
            raise ShardBusy("the model process is starting: try again shortly")
        return await self._process.ask(op, name, timeout_ms=timeout_ms, **rest)


@contextlib.asynccontextmanager
async def running(supervisor: Supervisor) -> AsyncIterator[Supervisor]:
    task = asyncio.create_task(supervisor.run())
    task.add_done_callback(_log_end)
    try:
        yield supervisor
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _log_end(task: asyncio.Task[None]) -> None:
    """It ends only when it is cancelled; else the health that fails from now on would have no cause in the log."""
    if not task.cancelled():
        log.critical("no model process is kept alive any more", exc_info=task.exception())
