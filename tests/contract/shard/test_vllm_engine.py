"""Contract: vLLM itself behind the seam, asked as our own engine is asked.

vLLM pins other versions than ours: `make test-vllm` makes the environment that this needs and runs it there. By hand,
in any environment with vLLM: VLLM_CPU_KVCACHE_SPACE=1 python -m pytest -p no:cacheprovider -W ignore THIS_FILE
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

pytest.importorskip("vllm")

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import LocalPackages
from model_containers.shard.adapters.store import Base
from model_containers.shard.decoder.engine import Overloaded, TooLate
from model_containers.shard.decoder.request import InvalidGenerationRequest, read_request
from model_containers.shard.decoder.vllm.engine import VllmEngine
from sotto.core.clock import SystemClock
from sotto.models.package import BadPackage
from tests.fakes.small_adapters import BASE, REVISION, write_adapter_package
from tests.fakes.small_models import adapter_files_of, write_adapter, write_llama_for_vllm
from tests.fakes.turned_clock import TurnedClock

FAR_MS = 1e12


class Shard:
    def __init__(self, root: Path, engine: Any) -> None:
        self.disk = disk = DiskPackages(root / "disk", LocalPackages(), budget_bytes=10**9)
        self.vllm = engine
        self.engine = VllmEngine(engine, disk, Base(BASE, REVISION), SystemClock(), most_at_once=12)
        self.urls = [str(self._adapter(root, number)) for number in range(3)]

    @staticmethod
    def _adapter(root: Path, number: int) -> Path:
        written = write_adapter(root / "model", root / f"a{number}", seed=number)
        return write_adapter_package(root / "published", f"m{number}", adapter_files_of(written))

    async def text(self, prompt: str = "Hello", adapter: str | None = None, **more: Any) -> str:
        return "".join([piece.text async for piece in self.pieces(prompt, adapter, **more)])

    async def pieces(
        self, prompt: str = "Hello", adapter: str | None = None, deadline_ms: float = FAR_MS, **more: Any
    ) -> AsyncIterator[Any]:
        request = read_request({"prompt": prompt, "max_tokens": 12, "tenant": "bank", **more})
        async with aclosing(self.engine.generate(request, adapter=adapter, deadline_ms=deadline_ms)) as pieces:
            async for piece in pieces:
                yield piece


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vllm")
    write_llama_for_vllm(folder / "model")
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shard(root: Path) -> AsyncIterator[Shard]:
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "1")
    from vllm import AsyncEngineArgs
    from vllm.v1.engine.async_llm import AsyncLLM

    arguments = AsyncEngineArgs(
        model=str(root / "model"),
        enable_lora=True,
        max_loras=2,
        max_lora_rank=8,
        max_model_len=512,
        max_num_seqs=8,
        dtype="float32",
        enforce_eager=True,
        disable_log_stats=True,
    )
    engine = AsyncLLM.from_engine_args(arguments)
    yield Shard(root, engine)
    engine.shutdown()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_many_callers_get_what_each_would_get_alone(shard: Shard) -> None:
    wishes = [(f"prompt {n}", shard.urls[n % 3] if n % 4 else None) for n in range(8)]  # some without an adapter
    alone = [await shard.text(prompt, adapter) for prompt, adapter in wishes]
    together = await asyncio.gather(*(shard.text(prompt, adapter) for prompt, adapter in wishes))
    assert together == alone
    assert len({await shard.text("same", url) for url in (None, *shard.urls)}) == 4


async def test_text_streams_in_pieces_that_add_up_and_the_last_one_counts(shard: Shard) -> None:
    pieces = [piece async for piece in shard.pieces(max_tokens=40)]
    assert len(pieces) > 3 and "".join(piece.text for piece in pieces) == await shard.text(max_tokens=40)
    last = pieces[-1]
    assert last.finish in ("length", "stop") and last.prompt_tokens >= len("Hello") and last.completion_tokens <= 40


async def test_a_stop_string_ends_the_text_and_is_not_in_it(shard: Shard) -> None:
    whole = await shard.text(max_tokens=40)
    stop = whole[10:12]
    pieces = [piece async for piece in shard.pieces(max_tokens=40, stop=[stop])]
    assert "".join(piece.text for piece in pieces) == whole[: whole.index(stop)] and pieces[-1].finish == "stop"


async def test_a_schema_lets_only_matching_text_through(shard: Shard) -> None:
    schema = {
        "type": "object",
        "properties": {"kind": {"enum": ["fee", "card"]}},
        "required": ["kind"],
        "additionalProperties": False,
    }
    for url in (None, shard.urls[0]):
        written = await shard.text("say", url, max_tokens=60, json_schema=schema)
        assert json.loads(written)["kind"] in ("fee", "card")


async def test_a_caller_who_leaves_ends_the_request_in_vllm(shard: Shard) -> None:
    pieces = shard.pieces(adapter=shard.urls[0], max_tokens=400)
    await anext(pieces)
    await pieces.aclose()
    assert shard.engine.running == 0 and shard.vllm.get_num_unfinished_requests() == 0


async def test_the_deadline_cuts_a_text_and_refuses_one_that_cannot_begin(shard: Shard) -> None:
    with pytest.raises(TooLate):
        await shard.text(deadline_ms=SystemClock().monotonic_ms() - 1)
    clock = TurnedClock()
    turned = VllmEngine(shard.vllm, shard.disk, Base(BASE, REVISION), clock)
    request = read_request({"prompt": "Hello", "max_tokens": 400})
    pieces = turned.generate(request, adapter=None, deadline_ms=clock.time_ms + 600_000)
    assert (await anext(pieces)).text
    clock.time_ms += 600_000
    rest = [piece async for piece in pieces]
    assert rest[-1].finish == "deadline" and rest[-1].completion_tokens < 400
    assert shard.vllm.get_num_unfinished_requests() == 0


async def test_what_vllm_or_we_refuse_is_a_bad_request_and_harms_nobody(shard: Shard) -> None:
    with pytest.raises(InvalidGenerationRequest, match="shorten"):
        await shard.text("x" * 600)
    with pytest.raises(InvalidGenerationRequest, match="json_schema"):
        await shard.text(json_schema={"type": "nonsense"})
    with pytest.raises(InvalidGenerationRequest, match="chat template"):
        request = read_request({"messages": [{"role": "user", "content": "hi"}]})
        await anext(shard.engine.generate(request, adapter=None, deadline_ms=FAR_MS))
    assert await shard.text()


async def test_foreign_adapters_are_refused(shard: Shard, tmp_path: Path) -> None:
    with pytest.raises(BadPackage, match="another tenant"):
        await shard.text(adapter=shard.urls[0], tenant="garage")
    with pytest.raises(BadPackage, match="another tenant"):  # who says nothing is nobody's
        await shard.text(adapter=shard.urls[0], tenant=None)
    other = write_adapter_package(tmp_path, "other", base=("another/base", "1"))
    with pytest.raises(BadPackage, match="this shard runs"):
        await shard.text(adapter=str(other))
    assert await shard.text(adapter=shard.urls[0], tenant="bank")


async def test_too_many_at_once_are_refused(shard: Shard) -> None:
    async def ask() -> bool:
        try:
            await shard.text(max_tokens=30)
        except Overloaded:
            return False
        return True

    served = await asyncio.gather(*(ask() for _ in range(20)))
    assert served.count(True) == 12
