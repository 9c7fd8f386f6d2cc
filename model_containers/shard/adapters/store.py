"""The adapter store: disk, host memory, device slots; a cold adapter never makes the others wait.

Loads run in threads of their own and write rows that no step reads. What must be fetched has its own threads: an
adapter that is already here does not queue behind a slow download. Requests for one adapter share one load. An adapter
that computes is held and cannot leave; a pinned one stays when nobody asks for it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from model_containers.shard.adapters.disk import DiskPackages, checks_at_once
from model_containers.shard.adapters.slots import Slot, Slots
from model_containers.shard.adapters.sources import NotReachable
from model_containers.shard.lora.gathered import AdapterPools
from model_containers.shard.lora.peft_format import AdapterWeights, aligned, read_adapter
from sotto.core.clock import Clock
from sotto.models.package import BadPackage, ModelCard
from sotto.models.registry import SHARED

FETCHES_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Base:
    """What an adapter must have been trained on."""

    model: str
    revision: str
    prefixes: tuple[str, ...] = ("model", "bert", "roberta")


@dataclass(frozen=True, slots=True)
class Residency:
    """Where one adapter is: for the router, and as a metric."""

    url: str
    target_model: str
    tenant: str
    version: str
    rank: int
    bytes: int
    holders: int
    pinned: bool
    load_ms: float


@dataclass(slots=True)
class _Load:
    task: asyncio.Task[Slot]
    waiters: int = 0


@dataclass(slots=True)
class StoreCounts:
    """Since the start. ``found`` counts by the nearest tier that had the adapter."""

    found: Counter[str] = field(default_factory=Counter)
    load_ms: list[float] = field(default_factory=list)
    """The latest 1,000 loads into the device, whatever tier they came from."""


class AdapterStore:
    """Owned by one event loop."""

    def __init__(
        self, pools: AdapterPools, disk: DiskPackages, base: Base, clock: Clock, *, host_bytes: int = 1024**3
    ) -> None:
        self._pools = pools
        self._disk = disk
        self._base = base
        self._clock = clock
        self._host_bytes = host_bytes
        self._slots = Slots(pools)
        self._host: OrderedDict[str, tuple[ModelCard, AdapterWeights]] = OrderedDict()
        self._loading: dict[str, _Load] = {}
        self._freed = asyncio.Event()
        self._host_taken = 0
        self._near = ThreadPoolExecutor(checks_at_once(), thread_name_prefix="adapters")
        self._far = ThreadPoolExecutor(FETCHES_AT_ONCE, thread_name_prefix="adapters-fetched")
        self.counts = StoreCounts()

    async def hold(self, url: str, *, tenant: str | None = None) -> Slot:
        """The adapter at ``url``, resident until ``let_go``. ``tenant`` None: the shard itself, to keep
        it ready; a request always names who asks.

        Raises BadPackage, NoRoom, PackageNotFound, NotReachable.
        """
        slot = self._slots.get(url)
        if slot is None:
            slot = await self._loaded(url)
        elif slot.leaving:
            raise NotReachable(f"{url} is being removed: try again shortly")
        else:
            self.counts.found["device"] += 1
            slot.holders += 1
        if tenant is not None and slot.card.tenant not in (SHARED, tenant):
            self.let_go(slot)
            raise BadPackage(f"the adapter belongs to another tenant than {tenant}: correct the registry")
        return slot

    def let_go(self, slot: Slot) -> None:
        slot.holders -= 1
        if not slot.holders:
            waiting, self._freed = self._freed, asyncio.Event()
            waiting.set()

    async def freed(self) -> None:
        """Until an adapter is no longer in use: then a load that found no room may find some."""
        await self._freed.wait()

    @asynccontextmanager
    async def held(self, url: str, *, tenant: str | None = None) -> AsyncIterator[Slot]:
        slot = await self.hold(url, tenant=tenant)
        try:
            yield slot
        finally:
            self.let_go(slot)

    def pin(self, url: str) -> None:
        """Raises NoRoom, and KeyError for what is not resident."""
        self._slots.pin(url)

    async def remove(self, url: str) -> None:
        """Out of every tier; its rows are free when this returns. Waits for those who compute with it."""
        if load := self._loading.get(url):
            await asyncio.wait([load.task])
        slot = self._slots.get(url)
        if slot is not None and not slot.leaving:
            slot.leaving = True
            while slot.holders:
                await self.freed()
            self._slots.remove(url)
        self._forget(url)
        await asyncio.get_running_loop().run_in_executor(self._near, self._disk.forget, url)

    def residency(self) -> list[Residency]:
        return [
            Residency(
                s.url,
                s.card.target_model,
                s.card.tenant,
                s.card.version,
                s.rank,
                s.bytes,
                s.holders,
                s.pinned,
                s.load_ms,
            )
            for s in self._slots.all()
        ]

    @property
    def evictions(self) -> int:
        return self._slots.evictions

    async def close(self) -> None:
        for load in list(self._loading.values()):
            load.task.cancel()
        await asyncio.gather(*(load.task for load in self._loading.values()), return_exceptions=True)
        self._near.shutdown(wait=True)
        self._far.shutdown(wait=True)

    async def _loaded(self, url: str) -> Slot:
        """Joins the load under way, or begins it. The slot is already held for whoever waited."""
        load = self._loading.get(url)
        if load is None:
            load = self._loading[url] = _Load(asyncio.create_task(self._load(url)))
            load.task.add_done_callback(_noted)
        load.waiters += 1
        try:
            return await asyncio.shield(load.task)
        except asyncio.CancelledError:
            if load.task.done() and not load.task.cancelled() and load.task.exception() is None:
                self.let_go(load.task.result())
            else:
                load.waiters -= 1
            raise

    async def _load(self, url: str) -> Slot:
        began = self._clock.monotonic_ms()
        try:
            slot = await self._placed(url)
            slot.load_ms = self._clock.monotonic_ms() - began
            slot.holders = self._loading[url].waiters
            self._slots.add(slot)
        finally:
            del self._loading[url]
        self.counts.load_ms = [*self.counts.load_ms[-999:], slot.load_ms]
        return slot

    async def _placed(self, url: str) -> Slot:
        loop = asyncio.get_running_loop()
        found = self._from_host(url)
        if found is None:
            was_here = url in self._disk or await loop.run_in_executor(self._far, self._fetch, url)
            found = await loop.run_in_executor(self._near, self._read, url, was_here)
        card, weights, tier = found
        self.counts.found[tier] += 1
        self._keep(url, card, weights)
        placement = self._slots.make_room(weights.rank)
        writing = loop.run_in_executor(self._near, self._pools.write, placement, weights)
        try:
            await asyncio.shield(writing)
        except BaseException:
            # A cancelled load's thread still writes: the rows are free only when it is through.
            await asyncio.wait([writing])
            self._slots.give_back(placement)
            raise
        return Slot(url, card, placement, weights.rank * self._pools.row_bytes)

    def _from_host(self, url: str) -> tuple[ModelCard, AdapterWeights, str] | None:
        found = self._host.get(url)
        return (*found, "host") if found else None

    def _fetch(self, url: str) -> bool:
        """To the disk, in a thread. Whether it was there already."""
        with self._disk.opened(url) as (_, was_here):
            return was_here

    def _read(self, url: str, was_here: bool) -> tuple[ModelCard, AdapterWeights, str]:
        """From the disk, in a thread; should it be gone again or rotten, from the source after all."""
        with self._disk.opened(url) as (package, still_here):
            self._check(package.card)
            weights = read_adapter(package.directory, dtype=self._pools.dtype)
        aligned_weights = aligned(weights, self._pools.targets, self._base.prefixes)
        return package.card, aligned_weights, "disk" if was_here and still_here else "source"

    def _check(self, card: ModelCard) -> None:
        if (card.base_model, card.base_revision) != (self._base.model, self._base.revision):
            raise BadPackage(
                f"{card.target_model} was trained on {card.base_model} {card.base_revision}, but this shard runs "
                f"{self._base.model} {self._base.revision}: train it again"
            )

    def _keep(self, url: str, card: ModelCard, weights: AdapterWeights) -> None:
        self._forget(url)
        self._host[url] = (card, weights)
        self._host_taken += weights.bytes
        while self._host_taken > self._host_bytes:
            self._forget(next(iter(self._host)))

    def _forget(self, url: str) -> None:
        """Least recently used first in the order of the dictionary."""
        if kept := self._host.pop(url, None):
            self._host_taken -= kept[1].bytes


def _noted(task: asyncio.Task[Slot]) -> None:
    """A load whose callers all gave up fails without a complaint."""
    if not task.cancelled():
        task.exception()


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
