"""The heads in memory and their adapters on the shared encoder: loaded by name, or fetched when asked for."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import PackageNotFound
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.shard.heads import Head, load_head
from model_containers.shard.lora.gathered import AdapterPlacement, NoRows
from model_containers.shard.lora.peft_format import CONFIG, AdapterWeights, aligned, read_adapter
from model_containers.shard.protocol.errors import ModelNotFound, NoRoom, ShardBusy
from sotto.core.errors import Rejected
from sotto.models.package import ModelCard, ModelPackage, open_package

log = logging.getLogger(__name__)

_PREFIXES = ("model", "bert", "0.auto_model")


class NoAdapters(Rejected):
    """The package brings an adapter and the encoder takes none: unloading others would not help."""


@dataclass(eq=False, slots=True)
class LoadedHead:
    """``adapter`` None: the head looks at the base's reading. ``holders``: requests that compute with it now."""

    card: ModelCard
    head: Head
    bytes: int
    adapter: AdapterPlacement | None = None
    on_demand: bool = False
    holders: int = 0


@dataclass(frozen=True, slots=True)
class _Opened:
    card: ModelCard
    head: Head
    bytes: int
    weights: AdapterWeights | None


class LoadedHeads:
    """Owned by one event loop. What came on demand leaves, least recently used first, when others need its room."""

    def __init__(self, encoder: MiniLmEncoder, disk: DiskPackages, *, on_demand_bytes: int) -> None:
        self._encoder = encoder
        self._disk = disk
        self._on_demand_bytes = on_demand_bytes
        self._heads: OrderedDict[str, LoadedHead] = OrderedDict()
        self._by_package: dict[str, str] = {}
        """A package's name to the name that it was loaded under last."""
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self._free = asyncio.Event()

    def items(self) -> list[tuple[str, LoadedHead]]:
        return list(self._heads.items())

    async def load(self, name: str, url: str, *, room: int) -> LoadedHead:
        """Raises BadPackage, NoAdapters, NoRoom, NotReachable."""
        opened = await asyncio.to_thread(self._opened, url, room)
        return self._named(name, self._adopted(opened.card) or await self._placed(opened))

    def _named(self, name: str, loaded: LoadedHead) -> LoadedHead:
        self._heads[name] = loaded
        self._by_package[loaded.card.target_model] = name
        return loaded

    def _adopted(self, card: ModelCard) -> LoadedHead | None:
        """The same package, which a wave has had fetched: now it has an owner, and its adapter lies here once."""
        name = self._by_package.get(card.target_model, "")
        found = self._heads.get(name)
        if found is None or not found.on_demand or found.card != card:
            return None
        found.on_demand = False
        return self._heads.pop(name)

    async def unload(self, name: str) -> LoadedHead | None:
        """Returns once nobody computes with it and its room is free."""
        loaded = self._heads.pop(name, None)
        if loaded is None:
            return None
        package = loaded.card.target_model
        if self._by_package.get(package) == name:
            del self._by_package[package]
            for other, one in self._heads.items():
                if one.card.target_model == package:
                    self._by_package[package] = other
        while loaded.holders:
            await self._free.wait()
        if loaded.adapter is not None and self._encoder.pools is not None:
            self._encoder.pools.release(loaded.adapter)
        return loaded

    @asynccontextmanager
    async def held(self, name: str, url: str | None) -> AsyncIterator[LoadedHead]:
        """The head, fetched from ``url`` if it is not here. Raises ModelNotFound when it has neither."""
        while name not in self._heads:
            if url is None:
                raise ModelNotFound(f"model {name} is not loaded")
            await asyncio.shield(self._fetching_of(name, url))  # requests for one package share its fetch
        with self._in_use(name) as loaded:
            yield loaded

    @contextmanager
    def held_if_here(self, target_model: str, name: str | None, url: str | None) -> Iterator[LoadedHead]:
        """The head, under whatever name its package was loaded if ``name`` is None. Waits for nothing: what has yet to
        be fetched is ShardBusy, and comes beside. Raises ModelNotFound too."""
        here = name or self._by_package.get(target_model, target_model)
        if here not in self._heads:
            if url is None:
                raise ModelNotFound(f"{target_model} is not loaded")
            self._fetching_of(here, url)
            raise ShardBusy(f"{target_model} is being fetched: ask again shortly")
        with self._in_use(here) as loaded:
            yield loaded

    @contextmanager
    def _in_use(self, name: str) -> Iterator[LoadedHead]:
        loaded = self._heads[name]
        self._heads.move_to_end(name)
        loaded.holders += 1
        try:
            yield loaded
        finally:
            loaded.holders -= 1
            waiting, self._free = self._free, asyncio.Event()
            waiting.set()

    def _fetching_of(self, name: str, url: str) -> asyncio.Task[None]:
        fetch = self._fetching.get(name)
        if fetch is None:
            fetch = self._fetching[name] = asyncio.create_task(self._fetch(name, url))
            fetch.add_done_callback(lambda done: self._fetched(name, done))
        return fetch

    def _fetched(self, name: str, done: asyncio.Task[None]) -> None:
        del self._fetching[name]
        if not done.cancelled() and (error := done.exception()):
            log.info("package not fetched: %s", type(error).__name__)  # whoever asks for it alone gets the reason

    async def _fetch(self, name: str, url: str) -> None:
        if "://" not in url and not await asyncio.to_thread(Path(url).exists):
            raise PackageNotFound(f"there is no package at {url}: publish it, or correct the name")
        opened = await asyncio.to_thread(self._opened, url, self._on_demand_bytes)
        loaded = self._named(name, await self._placed(opened))
        loaded.on_demand = True
        while sum(one.bytes for one in self._heads.values() if one.on_demand) > self._on_demand_bytes:
            if not await self._evict_one(keep=loaded):
                break

    async def _evict_one(self, *, keep: LoadedHead | None = None, adapted: bool = False) -> bool:
        for name, one in self._heads.items():
            if one.on_demand and not one.holders and one is not keep and (one.adapter is not None or not adapted):
                await self.unload(name)
                return True
        return False

    def _opened(self, url: str, room: int) -> _Opened:
        """In a thread. SageMaker keeps what it unpacked on disk itself; what comes from S3 we keep."""
        if url.startswith("s3://"):
            with self._disk.opened(url) as (package, _):
                return self._read(package, room)
        workspace = Path(tempfile.mkdtemp(prefix="sotto-model-"))
        try:
            return self._read(open_package(Path(url), workspace), room)
        finally:
            shutil.rmtree(workspace, ignore_errors=True)

    def _read(self, package: ModelPackage, room: int) -> _Opened:
        size = package.size_bytes
        if size > room:
            raise NoRoom(f"{package.card.target_model} needs {size} bytes, {room} are left: unload another")
        head = load_head(package, base_revision=self._encoder.revision)
        return _Opened(package.card, head, size, self._adapter_of(package))

    def _adapter_of(self, package: ModelPackage) -> AdapterWeights | None:
        pools = self._encoder.pools
        if CONFIG not in package.card.files:
            return None
        if pools is None:
            # Without it the head would answer from a reading that it was not trained on.
            raise NoAdapters(
                f"{package.card.target_model} brings an adapter and this shard takes none (--rank-rows 0): "
                "start it with room for adapters"
            )
        return aligned(read_adapter(package.directory, dtype=pools.dtype), pools.targets, _PREFIXES)

    async def _placed(self, opened: _Opened) -> LoadedHead:
        pools, weights = self._encoder.pools, opened.weights
        if weights is None or pools is None:
            return LoadedHead(opened.card, opened.head, opened.bytes)
        placement = await self._reserved(weights.rank)
        await asyncio.to_thread(pools.write, placement, weights)
        return LoadedHead(opened.card, opened.head, opened.bytes, placement)

    async def _reserved(self, rank: int) -> AdapterPlacement:
        assert self._encoder.pools is not None
        while True:
            try:
                return self._encoder.pools.reserve(rank)
            except NoRows:
                if not await self._evict_one(adapted=True):
                    raise NoRoom(f"no {rank} rank rows are left for the adapter: unload another") from None
