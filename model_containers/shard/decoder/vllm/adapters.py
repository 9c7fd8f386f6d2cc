"""Packages as vLLM knows them: fetched and checked by us, loaded by it once before any text is written with them.

vLLM loads an adapter that it does not know in the middle of a step, and an adapter that it then refuses, one of a rank
above ``max_lora_rank`` say, ends its process and every text with it (0.32). Asked beforehand it refuses that one alone.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial
from itertools import count
from typing import Any

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import NotReachable
from model_containers.shard.adapters.store import Base
from model_containers.shard.decoder.engine import SHARED_TENANT, GenerationFailed, TooLate
from model_containers.shard.decoder.vllm.turns import Places
from model_containers.shard.protocol.errors import NoRoom
from sotto.models.package import BadPackage, ModelCard, ModelPackage

MOST_NAMED = 100_000
PIN_PATIENCE_S = 30.0
"""Half of what the supervisor waits for a load: texts that are being written may have all slots."""


class VllmAdapters:
    """``engine``: a ``vllm.v1.engine.async_llm.AsyncLLM``. Owned by one event loop."""

    def __init__(self, engine: Any, disk: DiskPackages, base: Base) -> None:
        self._engine = engine
        self._disk = disk
        self._base = base
        settings = engine.vllm_config.lora_config
        self._places = Places(settings.max_loras if settings is not None else 0)
        self._numbers: OrderedDict[str, int] = OrderedDict()
        self._next_number = count(1)
        self._users: Counter[str] = Counter()
        self._unused = asyncio.Event()
        self._leaving: set[str] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._opening: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def open(self, url: str, tenant: str | None) -> AsyncIterator[tuple[Any, ModelPackage]]:
        """A LoRARequest that vLLM has loaded once, and its package, which stays on disk meanwhile: vLLM may read it
        again. ``tenant`` None: the shard itself; a request always names who asks.

        Raises BadPackage, NoRoom, PackageNotFound, NotReachable, GenerationFailed.
        """
        if url in self._leaving:
            raise NotReachable(f"{url} is being removed: try again shortly")
        self._users[url] += 1
        try:
            opened, package = await self._opened(url)
            try:
                self._check(package.card, tenant)
                yield await self._known(url, package), package
            finally:
                opened.__exit__(None, None, None)
        finally:
            self._leave(url)

    @asynccontextmanager
    async def placed(self, url: str, patience_s: float) -> AsyncIterator[None]:
        """Of what is open: with a slot of vLLM's to itself. Raises NoRoom, TooLate."""
        async with self._places.held(url, patience_s):
            yield

    async def pin(self, url: str, lora: Any) -> None:
        """Of what is open. Raises NoRoom."""
        try:
            async with self._places.held(url, PIN_PATIENCE_S):
                self._places.pin(url)
                try:
                    with _failures_translated():
                        await self._engine.add_lora(lora)  # others may have taken its slot since it was introduced
                        await self._engine.pin_lora(lora.lora_int_id)
                except BaseException:
                    self._places.unpin(url)
                    raise
        except TooLate:
            raise NoRoom("all of vLLM's slots are pinned or in use") from None

    async def remove(self, url: str) -> None:
        """Out of vLLM and off the disk, when the last text with it has ended."""
        self._leaving.add(url)
        try:
            while self._users[url]:
                await self._unused.wait()
            if (number := self._numbers.pop(url, None)) is not None:
                with _failures_translated():
                    await self._engine.remove_lora(number)
            self._places.unpin(url)
            await asyncio.to_thread(self._disk.forget, url)
        finally:
            self._leaving.discard(url)

    def _leave(self, url: str) -> None:
        self._users[url] -= 1
        if not self._users[url]:
            del self._users[url]
            self._locks.pop(url, None)
            waiting, self._unused = self._unused, asyncio.Event()
            waiting.set()

    async def _opened(self, url: str) -> tuple[AbstractContextManager[Any], ModelPackage]:
        """A caller may leave while a thread fetches; what it opens is then closed as soon as it is there."""
        opening = asyncio.create_task(self._open(url))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._users[url] += 1
            opening.add_done_callback(partial(self._abandoned, url))
            raise

    def _abandoned(self, url: str, opening: asyncio.Task[tuple[AbstractContextManager[Any], ModelPackage]]) -> None:
        if not opening.cancelled() and opening.exception() is None:
            opening.result()[0].__exit__(None, None, None)
        self._leave(url)

    async def _open(self, url: str) -> tuple[AbstractContextManager[Any], ModelPackage]:
        async with self._lock(url):  # one package is fetched by one thread at a time
            opened = self._disk.opened(url)
            package, _ = await asyncio.to_thread(opened.__enter__)
            return opened, package

    def _lock(self, url: str) -> asyncio.Lock:
        return self._locks.setdefault(url, asyncio.Lock())

    def _check(self, card: ModelCard, tenant: str | None) -> None:
        if (card.base_model, card.base_revision) != (self._base.model, self._base.revision):
            raise BadPackage(
                f"{card.target_model} was trained on {card.base_model} {card.base_revision}, but this shard runs "
                f"{self._base.model} {self._base.revision}: train it again"
            )
        if tenant is not None and card.tenant not in (SHARED_TENANT, tenant):
            raise BadPackage(f"the adapter belongs to another tenant than {tenant}: correct the registry")

    async def _known(self, url: str, package: ModelPackage) -> Any:
        """vLLM keeps what it has loaded under the number, so the same package always has the same one."""
        from vllm.lora.request import LoRARequest

        async with self._lock(url):
            if url not in self._numbers:
                number = next(self._next_number)
                await self._introduce(LoRARequest(url, number, str(package.directory)), package.card)
                self._numbers[url] = number
            self._numbers.move_to_end(url)
            while len(self._numbers) > MOST_NAMED:
                self._numbers.popitem(last=False)
            return LoRARequest(url, self._numbers[url], str(package.directory))

    async def _introduce(self, lora: Any, card: ModelCard) -> None:
        try:
            with _failures_translated():
                await self._engine.add_lora(lora)
        except GenerationFailed:
            raise
        except Exception as error:
            with contextlib.suppress(Exception):  # what it had begun; the next attempt has another number
                await self._engine.remove_lora(lora.lora_int_id)
            raise BadPackage(f"vLLM does not load {card.target_model}: {error}") from None


@contextlib.contextmanager
def _failures_translated() -> Iterator[None]:
    from vllm.v1.engine.exceptions import EngineDeadError

    try:
        yield
    except EngineDeadError:
        raise GenerationFailed("vLLM failed: try again") from None
