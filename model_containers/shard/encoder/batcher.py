"""Between requests and encoder: idle, a text goes through at once; busy, texts gather and go together.

Requests for the same text with the same adapter share one pass, also while it is running: an utterance's models arrive
in parallel, and all want the same reading. Tenants take turns, so that one tenant's burst costs the others one turn.
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, Protocol

from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.encoder.pacing import Pace
from model_containers.shard.fairness import FairQueue, Full
from model_containers.shard.lora.gathered import AdapterPlacement
from model_containers.shard.protocol.errors import DeadlineMissed, ShardBusy
from sotto.core.clock import Clock, SystemClock
from sotto.models.registry import SHARED


class AdaptingEncoder(Protocol):
    def encode(self, texts: Sequence[str], adapters: Sequence[AdapterPlacement | None]) -> list[TextEmbedding]:
        """One batched forward pass, each text with its own adapter."""
        ...


@dataclass(frozen=True, slots=True)
class Urgency:
    """Whose text it is, and on the clock's monotonic scale until when the answer is of use."""

    tenant: str = SHARED
    deadline_ms: float = math.inf


_ANY = Urgency()
_Key = tuple[str, AdapterPlacement | None]


@dataclass(eq=False, slots=True)
class _Waiting:
    key: _Key
    embedding: asyncio.Future[TextEmbedding] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class EmbeddingBatcher:
    """Owned by one event loop. ``remember`` readings are kept, least recently used first out."""

    def __init__(
        self,
        encoder: AdaptingEncoder,
        executor: Executor,
        *,
        remember: int = 512,
        most_waiting: int = 256,
        pace: Pace | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._encoder = encoder
        self._executor = executor
        self._remember = remember
        self._queue: FairQueue[_Waiting] = FairQueue(quantum=1, most=most_waiting, most_a_tenant=most_waiting * 3 // 4)
        self._clock = clock or SystemClock()
        self._known: OrderedDict[_Key, TextEmbedding] = OrderedDict()
        self._asked: dict[_Key, _Waiting] = {}
        self._pump: asyncio.Task[None] | None = None
        self.pace = pace or Pace()
        self.passes = 0
        self._began_ms: float | None = None

    async def embedding(
        self, text: str, adapter: AdapterPlacement | None = None, urgency: Urgency = _ANY
    ) -> TextEmbedding:
        """Raises ShardBusy, and DeadlineMissed at once when the deadline cannot be met."""
        key = (text, adapter)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        waiting = self._asked.get(key) or self._enqueued(key, urgency)
        return await asyncio.shield(waiting.embedding)

    def forget(self, adapter: AdapterPlacement) -> None:
        """An unloaded adapter's readings serve nobody."""
        for key in [key for key in self._known if key[1] is adapter]:
            del self._known[key]

    @property
    def busy_ms(self) -> float:
        """How long the pass under way has taken by now; 0 when there is none."""
        return 0.0 if self._began_ms is None else self._clock.monotonic_ms() - self._began_ms

    def status(self) -> dict[str, Any]:
        pace = self.pace
        return {
            "mode": pace.mode,
            "switches": pace.switches,
            "batch_size": pace.size,
            "pass_ms": round(pace.pass_ms, 2),
            "passes": self.passes,
            "waiting": len(self._queue),
        }

    def _enqueued(self, key: _Key, urgency: Urgency) -> _Waiting:
        now = self._clock.monotonic_ms()
        if now + self.pace.wait_ms(ahead=len(self._queue)) >= urgency.deadline_ms:
            raise DeadlineMissed("this cannot be finished before its deadline")
        waiting = _Waiting(key)
        try:
            self._queue.put(urgency.tenant, waiting)
        except Full:
            raise ShardBusy("too many texts are waiting: try again shortly") from None
        self._asked[key] = waiting
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._read_all())
        return waiting

    async def _read_all(self) -> None:
        while self._queue:
            await self._read(self._queue.take(self.pace.size))

    async def _read(self, batch: Sequence[_Waiting]) -> None:
        self.passes += 1
        # Texts of one adapter side by side: its factors are gathered once for all of them.
        batch = sorted(batch, key=lambda one: id(one.key[1]))
        texts, adapters = [one.key[0] for one in batch], [one.key[1] for one in batch]
        began = self._began_ms = self._clock.monotonic_ms()
        try:
            embeddings = await asyncio.get_running_loop().run_in_executor(
                self._executor, self._encoder.encode, texts, adapters
            )
        except Exception as error:
            self._resolve(batch, error)
            return
        finally:
            self._began_ms = None
        took_ms = self._clock.monotonic_ms() - began
        self.pace.passed(batch=len(batch), took_ms=took_ms, waiting=len(self._queue))
        self._resolve(batch, embeddings)

    def _resolve(self, batch: Sequence[_Waiting], found: Sequence[TextEmbedding] | Exception) -> None:
        for place, one in enumerate(batch):
            del self._asked[one.key]
            if isinstance(found, Exception):
                one.embedding.set_exception(found)
            else:
                self._known[one.key] = found[place]
                one.embedding.set_result(found[place])
        while len(self._known) > self._remember:
            self._known.popitem(last=False)
