"""Between requests and encoder: idle, a text goes through at once; busy, texts gather and go together.

Requests for the same text share one pass, also while it is running: an utterance's models arrive in parallel, and all
want the same reading. Windows, fairness and adaptive batch sizes belong here.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Executor

from model_containers.shard.encoder import Reading, TextEncoder

LARGEST_BATCH = 32


class Busy(Exception):
    """More texts wait than can be read soon."""


class SharedReadings:
    """Owned by one event loop. ``remember`` readings are kept, least recently used first out."""

    def __init__(
        self, encoder: TextEncoder, executor: Executor, *, remember: int = 512, most_waiting: int = 256
    ) -> None:
        self._encoder = encoder
        self._executor = executor
        self._remember = remember
        self._most_waiting = most_waiting
        self._known: OrderedDict[str, Reading] = OrderedDict()
        self._waiting: OrderedDict[str, asyncio.Future[Reading]] = OrderedDict()
        self._running: dict[str, asyncio.Future[Reading]] = {}
        self._pump: asyncio.Task[None] | None = None
        self.passes = 0

    async def reading(self, text: str) -> Reading:
        """Raises Busy."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        return await asyncio.shield(self._running.get(text) or self._enqueued(text))

    def _enqueued(self, text: str) -> asyncio.Future[Reading]:
        if text not in self._waiting:
            if len(self._waiting) >= self._most_waiting:
                raise Busy
            self._waiting[text] = asyncio.get_running_loop().create_future()
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._read_all())
        return self._waiting[text]

    async def _read_all(self) -> None:
        while self._waiting:
            texts = list(self._waiting)[:LARGEST_BATCH]
            self._running = {text: self._waiting.pop(text) for text in texts}
            await self._read(texts)
            self._running = {}

    async def _read(self, texts: Sequence[str]) -> None:
        self.passes += 1
        try:
            readings = await asyncio.get_running_loop().run_in_executor(self._executor, self._encoder.read, texts)
        except Exception as error:
            for future in self._running.values():
                future.set_exception(error)
            return
        for text, reading in zip(texts, readings, strict=True):
            self._known[text] = reading
            self._running[text].set_result(reading)
        while len(self._known) > self._remember:
            self._known.popitem(last=False)
