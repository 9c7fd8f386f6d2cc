"""The shard's own metrics, as lines on standard output: SageMaker takes them to CloudWatch, which finds the metrics.

SageMaker's metrics of models loaded and of loading exist for multi-model endpoints only, none tell of batches, and the
faces that scale to thousands of adapters are not of that kind.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Generation_PutLogEvents.html
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model_containers.shard.protocol.errors import ShardError
from model_containers.shard.supervisor.supervisor import Supervisor
from sotto.core.clock import Clock
from sotto.core.metrics import measure
from sotto.core.metrics.recorder import Recorder

LOOK_EVERY_MS = 10_000


@dataclass(frozen=True, slots=True)
class _LastLook:
    """What had been counted when we looked last; a new model process begins at nothing."""

    restarts: int = 0
    passes: int = 0
    evictions: int = 0


class MeasuredShard:
    """The shard's app: times what is asked of it, and looks at the model process every few seconds."""

    def __init__(self, app: ASGIApp, supervisor: Supervisor, metrics: Recorder, clock: Clock) -> None:
        self._app = app
        self._supervisor = supervisor
        self._metrics = metrics
        self._clock = clock
        self._last = _LastLook()
        self._resident_then: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            async with self._watching():
                await self._app(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "POST":
            await self._timed(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def look(self) -> None:
        """Note what is resident and how the batches go. A process that is starting has nothing to tell."""
        try:
            status = await self._supervisor.status()
        except ShardError:
            return
        self._resident(status.get("models") or status.get("adapters") or [])
        now = _LastLook(self._supervisor.restarts, self._batches(status), int(status.get("evictions", 0)))
        self._metrics.add(measure.SHARD_RESTARTS, max(0, now.restarts - self._last.restarts))
        self._metrics.add(measure.EVICTIONS, max(0, now.evictions - self._last.evictions))
        self._last = now
        self._metrics.flush()

    def _resident(self, models: list[Mapping[str, Any]]) -> None:
        self._metrics.add(measure.ADAPTERS_RESIDENT, len(models))
        self._metrics.add(measure.ADAPTER_BYTES, sum(int(each["bytes"]) for each in models))
        fetched = {str(each["url"]): float(each["load_ms"]) for each in models if "load_ms" in each}
        for url in fetched.keys() - self._resident_then:
            self._metrics.add(measure.ADAPTER_LOAD, fetched[url])
        self._resident_then = frozenset(fetched)

    def _batches(self, status: Mapping[str, Any]) -> int:
        """How many passes the encoder made since its process began; a decoder goes on step by step and counts none."""
        batcher = status.get("batcher", status)
        passes = int(batcher.get("passes", 0))
        self._metrics.add(measure.SHARD_QUEUE, float(batcher.get("waiting", 0)))
        self._metrics.add(measure.BATCH_SIZE, float(batcher.get("batch_size", batcher.get("running", 0))))
        if "mode" in batcher:
            made = passes - self._last.passes if passes >= self._last.passes else passes
            self._metrics.add(measure.BATCH_PASSES, made, mode=str(batcher["mode"]))
        return passes

    async def _timed(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, began_ms = 500, self._clock.monotonic_ms()

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, answered)
        finally:
            took_ms = self._clock.monotonic_ms() - began_ms
            if scope["path"] == "/invocations" or scope["path"].endswith("/invoke"):
                self._metrics.add(measure.SHARD_LATENCY, took_ms)
                for each in scope.get("state", {}).get("answers", [status]):  # of a wave: one for each model
                    self._metrics.add(measure.SHARD_ANSWERS, status=str(each))
            elif status == 200:  # a model or an adapter was loaded
                self._metrics.add(measure.ADAPTER_LOAD, took_ms)

    @asynccontextmanager
    async def _watching(self) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            self._metrics.flush()

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep_ms(LOOK_EVERY_MS)
            await self.look()
