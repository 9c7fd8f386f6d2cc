"""Contract: many callers of one decoder, with adapters that are fetched meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import torch

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import LocalPackages
from model_containers.shard.adapters.store import AdapterStore, Base
from model_containers.shard.decoder.base_model import BaseModel
from model_containers.shard.decoder.decoder import Decoder
from model_containers.shard.decoder.engine import GenerationEngine, GenerationFailed, Overloaded, TooLate
from model_containers.shard.decoder.request import InvalidGenerationRequest, read_request
from model_containers.shard.lora.gathered import LLAMA_TARGETS, AdapterPools, install
from model_containers.shard.protocol.errors import NoRoom
from sotto.core.clock import SystemClock
from sotto.models.package import BadPackage
from tests.fakes.small_adapters import BASE, REVISION, adapter_files, write_adapter_package
from tests.fakes.small_models import write_llama
from tests.fakes.turned_clock import TurnedClock

FAR_MS = 1e12


class GatedSource(LocalPackages):
    def __init__(self) -> None:
        self.gate = Event()
        self.gate.set()

    def fetch(self, url: str, target: Path) -> None:
        assert self.gate.wait(30)
        super().fetch(url, target)


class Shard:
    """An engine on a tiny base, with three adapters of rank 2 for two slots."""

    def __init__(self, root: Path, base: BaseModel, pools: AdapterPools, clock: Any, **limits: Any) -> None:
        self.source = GatedSource()
        self.store = AdapterStore(pools, self._disk(root), Base(BASE, REVISION), SystemClock())
        self.executor = ThreadPoolExecutor(1)
        self.decoder = Decoder(base.model, pools, rows=4, chunk_tokens=64)
        self.engine = GenerationEngine(base, self.decoder, self.store, clock, self.executor, **limits)
        self.urls = [str(self._adapter(root, pools, n)) for n in range(3)]

    def _disk(self, root: Path) -> DiskPackages:
        return DiskPackages(root / "disk", self.source, budget_bytes=10**8)

    def _adapter(self, root: Path, pools: AdapterPools, number: int) -> Path:
        targets = {name: shape for name, shape in pools.targets.items() if name.endswith("v_proj")}
        files = adapter_files(targets, value=0.3 * (number + 1))
        return write_adapter_package(root / "published", f"m{number}", files)

    async def text(self, prompt: str = "Hello", adapter: str | None = None, **more: Any) -> str:
        return "".join([piece async for piece in self.texts(prompt, adapter, **more)])

    async def texts(
        self, prompt: str = "Hello", adapter: str | None = None, deadline_ms: float = FAR_MS, **more: Any
    ) -> AsyncIterator[str]:
        request = read_request({"prompt": prompt, "max_tokens": 12, "tenant": "bank", **more})
        async with aclosing(self.engine.generate(request, adapter=adapter, deadline_ms=deadline_ms)) as pieces:
            async for piece in pieces:
                yield piece.text


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_llama(tmp_path_factory.mktemp("small") / "model")


@pytest.fixture
async def shard(tmp_path: Path, directory: Path) -> AsyncIterator[Shard]:
    base = BaseModel.load(directory, dtype=torch.float32)
    pools = install(base.model, LLAMA_TARGETS, rank_rows=4)
    shard = Shard(tmp_path, base, pools, SystemClock(), most_waiting=40)
    running = asyncio.create_task(shard.engine.run())
    yield shard
    running.cancel()
    await asyncio.wait([running])
    await shard.store.close()
    shard.executor.shutdown()


async def test_many_callers_get_what_each_would_get_alone(shard: Shard) -> None:
    wishes = [(f"prompt {n}", shard.urls[n % 2] if n % 3 else None) for n in range(12)]
    alone = [await shard.text(prompt, adapter) for prompt, adapter in wishes]
    together = await asyncio.gather(*(shard.text(prompt, adapter) for prompt, adapter in wishes))
    assert together == alone
    assert len(set(alone)) == 12


async def test_text_streams_in_pieces_that_add_up(shard: Shard) -> None:
    pieces = [piece async for piece in shard.texts(max_tokens=40)]
    assert len(pieces) > 5
    assert "".join(pieces) == await shard.text(max_tokens=40)


async def test_a_cold_adapter_stalls_nobody(shard: Shard) -> None:
    shard.source.gate.clear()
    cold = asyncio.create_task(shard.text(adapter=shard.urls[0]))
    assert await shard.text("others go on")
    assert not cold.done()
    shard.source.gate.set()
    assert await cold


async def test_an_adapter_that_computes_stays_and_the_next_waits_for_a_slot(shard: Shard) -> None:
    alone = [await shard.text(adapter=url) for url in shard.urls]
    together = await asyncio.gather(*(shard.text(adapter=url) for url in shard.urls * 3))
    assert together == alone * 3
    assert all(residency.holders == 0 for residency in shard.store.residency())


async def test_with_every_slot_pinned_there_is_no_room(tmp_path: Path, directory: Path) -> None:
    base = BaseModel.load(directory, dtype=torch.float32)
    pools = install(base.model, LLAMA_TARGETS, rank_rows=4)
    clock = TurnedClock()
    shard = Shard(tmp_path, base, pools, clock)
    slots = [await shard.store.hold(url) for url in shard.urls[:2]]
    clock.time_ms = FAR_MS - 1
    with pytest.raises(NoRoom):
        await shard.text(adapter=shard.urls[2])
    assert [slot.holders for slot in slots] == [1, 1]
    await shard.store.close()


async def test_a_caller_who_leaves_frees_row_and_adapter(shard: Shard) -> None:
    texts = shard.texts(adapter=shard.urls[0], max_tokens=400)
    await anext(texts)
    await texts.aclose()
    assert not shard.decoder.running
    assert [residency.holders for residency in shard.store.residency()] == [0]


async def test_what_cannot_finish_in_time_is_refused_at_once(shard: Shard) -> None:
    with pytest.raises(TooLate):
        await shard.text(deadline_ms=SystemClock().monotonic_ms() - 1)


async def test_too_many_waiting_are_refused_and_one_tenant_cannot_take_all_places(shard: Shard) -> None:
    async def ask(tenant: str) -> bool:
        try:
            await shard.text(tenant=tenant)
        except Overloaded:
            return False
        return True

    flood = [ask("bank") for _ in range(60)]
    served = await asyncio.gather(*flood, *(ask("garage") for _ in range(4)))
    assert not all(served[:60]) and all(served[60:])


async def test_a_failed_step_fails_its_callers_and_not_the_next(shard: Shard) -> None:
    working, shard.decoder._head = shard.decoder._head, Broken()
    with pytest.raises(GenerationFailed):
        await shard.text(adapter=shard.urls[0])
    shard.decoder._head = working
    assert await shard.text(adapter=shard.urls[0])


class Broken(torch.nn.Module):
    def forward(self, states: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("out of memory")


async def test_another_tenants_adapter_is_refused(shard: Shard) -> None:
    with pytest.raises(BadPackage, match="another tenant"):
        await shard.text(adapter=shard.urls[0], tenant="garage")
    with pytest.raises(BadPackage, match="another tenant"):  # who says nothing is nobody's
        await shard.text(adapter=shard.urls[0], tenant=None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "prompt or messages"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 300_000}, "prompt"),
        ({"prompt": "hi", "max_tokens": 0}, "max_tokens"),
        ({"prompt": "hi", "temperature": float("nan")}, "temperature"),
        ({"prompt": "hi", "top_p": 0}, "top_p"),
        ({"prompt": "hi", "stop": [""]}, "stop"),
        ({"prompt": "hi", "best_of": 3}, "best_of"),
        (["hi"], "body"),
    ],
)
def test_a_request_with_a_mistake_names_the_field(body: Any, field: str) -> None:
    with pytest.raises(InvalidGenerationRequest, match=field):
        read_request(body)


async def test_a_prompt_longer_than_the_model_and_a_schema_that_is_none_are_refused(shard: Shard) -> None:
    with pytest.raises(InvalidGenerationRequest, match="shorten"):
        await shard.text("x" * 600)
    with pytest.raises(InvalidGenerationRequest, match="json_schema"):
        await shard.text(json_schema={"type": "nonsense"})
    with pytest.raises(InvalidGenerationRequest, match="chat template"):
        async for _ in shard.engine.generate(
            read_request({"messages": [{"role": "user", "content": "hi"}]}), adapter=None, deadline_ms=FAR_MS
        ):
            pass
