"""A text engine with its packages, as the shard's model process hosts it; and ours."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from model_containers.shard.adapters.store import AdapterStore, percentile
from model_containers.shard.decoder.engine import GeneratedText, GenerationEngine, TextEngine
from model_containers.shard.decoder.prefixes import Prefixes
from model_containers.shard.decoder.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class Prepared:
    """An adapter that is ready to be used."""

    target_model: str
    bytes: int


class HostedEngine(TextEngine, Protocol):
    """``busy_ms``: how long it has computed without a sign of life; 0 when nothing is to be done."""

    @property
    def busy_ms(self) -> float: ...

    @property
    def status(self) -> dict[str, Any]:
        """For /residency; ``running`` is in all of them."""
        ...

    async def run(self) -> None:
        """Until cancelled. Ends with an error when the engine is lost: then the process is of no more use."""
        ...

    async def prepare(self, url: str, *, pin: bool) -> Prepared:
        """Raises BadPackage, NotReachable, NoRoom."""
        ...

    async def remove(self, url: str) -> None: ...

    async def close(self) -> None: ...


class OwnEngine:
    """Our step loop and adapter store."""

    def __init__(self, engine: GenerationEngine, store: AdapterStore) -> None:
        self._engine = engine
        self._store = store

    def generate(
        self, request: GenerationRequest, *, adapter: str | None, deadline_ms: float
    ) -> AsyncGenerator[GeneratedText, None]:
        return self._engine.generate(request, adapter=adapter, deadline_ms=deadline_ms)

    @property
    def busy_ms(self) -> float:
        return self._engine.busy_ms

    async def run(self) -> None:
        await self._engine.run()

    async def prepare(self, url: str, *, pin: bool) -> Prepared:
        async with self._store.held(url) as slot:
            if pin:
                self._store.pin(url)
            return Prepared(slot.card.target_model, slot.bytes)

    async def remove(self, url: str) -> None:
        await self._store.remove(url)

    async def close(self) -> None:
        await self._store.close()

    @property
    def status(self) -> dict[str, Any]:
        counts = self._store.counts
        return {
            "adapters": [asdict(residency) for residency in self._store.residency()],
            "found": dict(counts.found),
            "evictions": self._store.evictions,
            "load_ms": {"p50": percentile(counts.load_ms, 0.5), "p99": percentile(counts.load_ms, 0.99)},
            "step_ms": self._engine.step_ms,
            "running": self._engine.running,
            "waiting": self._engine.waiting,
            "prefixes": _shared_beginnings(self._engine.prefixes),
        }


def _shared_beginnings(prefixes: Prefixes) -> dict[str, int]:
    return {
        "bytes": prefixes.bytes,
        "prompt_tokens": prefixes.asked_tokens,
        "tokens_not_computed_again": prefixes.found_tokens,
    }
