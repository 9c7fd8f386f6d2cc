"""Contract: tenants' adapters on the shared encoder, several in one pass, against PEFT on transformers' own model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from peft import PeftModel
from transformers import AutoModel, AutoTokenizer

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import LocalPackages
from model_containers.shard.base_encoder.minilm import BASE_MODEL, MiniLmEncoder, packaged_model
from model_containers.shard.encoder.loaded_heads import LoadedHeads, ModelNotFound, NoAdapters
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.shard.lora.gathered import AdapterPlacement
from model_containers.shard.lora.peft_format import CONFIG, aligned, read_adapter
from model_containers.shard.lora.peft_format import WEIGHTS as ADAPTER
from model_containers.shard.protocol.errors import InvalidRequest, NoRoom
from model_containers.shard.protocol.refusals import refusal
from sotto.models.package import BadPackage
from tests.fakes.small_adapters import write_adapter_package
from tests.fakes.small_models import BERT_TARGETS, write_adapter

# PEFT 0.21 still asks transformers 5 for a property by its old name.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
TEXTS = ["I want to close my account. It costs too much.", "okay", "my card was stolen this morning", "hello there"]
RANKS = (4, 8)


@pytest.fixture(scope="module")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("adapters")
    return [
        write_adapter(packaged_model(), root / f"a{rank}", seed=rank, rank=rank, targets=BERT_TARGETS[:3], strength=0.1)
        for rank in RANKS
    ]


@pytest.fixture
def encoder() -> MiniLmEncoder:
    encoder = MiniLmEncoder()
    encoder.take_adapters(rank_rows=sum(RANKS))
    return encoder


def placed(encoder: MiniLmEncoder, adapter: Path) -> AdapterPlacement:
    assert encoder.pools is not None
    weights = aligned(read_adapter(adapter, dtype=torch.float32), encoder.pools.targets, ("model",))
    placement = encoder.pools.reserve(weights.rank)
    encoder.pools.write(placement, weights)
    return placement


def by_peft(adapter: Path | None, text: str) -> Any:
    model = AutoModel.from_pretrained(packaged_model())
    if adapter is not None:
        model = PeftModel.from_pretrained(model, adapter)
    tokens = AutoTokenizer.from_pretrained(packaged_model())(text, return_tensors="pt")
    with torch.inference_mode():
        states = model.eval()(**tokens).last_hidden_state
    return torch.nn.functional.normalize(states.mean(dim=1), dim=1)[0].numpy()


def test_one_pass_reads_each_text_with_its_own_adapter(encoder: MiniLmEncoder, adapters: Sequence[Path]) -> None:
    first, second = (placed(encoder, adapter) for adapter in adapters)
    found = encoder.encode(TEXTS, [first, None, second, first])
    for embedding, adapter, text in zip(found, [adapters[0], None, adapters[1], adapters[0]], TEXTS, strict=True):
        assert np.abs(embedding.whole - by_peft(adapter, text)).max() < 1e-5
    assert np.abs(found[0].whole - by_peft(None, TEXTS[0])).max() > 1e-2, "an adapter that changes nothing"
    base = encoder.encode(TEXTS)
    assert np.abs(base[1].whole - found[1].whole).max() < 1e-6


@pytest.fixture
async def heads(encoder: MiniLmEncoder, tmp_path: Path) -> AsyncIterator[LoadedHeads]:
    yield LoadedHeads(
        encoder, DiskPackages(tmp_path / "disk", LocalPackages(), budget_bytes=10**8), on_demand_bytes=10**8
    )


def packages(root: Path, encoder: MiniLmEncoder, adapters: Sequence[Path]) -> list[str]:
    return [
        str(
            write_adapter_package(
                root,
                f"intent{number}",
                {
                    CONFIG: (adapter / CONFIG).read_bytes(),
                    ADAPTER: (adapter / ADAPTER).read_bytes(),
                    WEIGHTS: packed(weight=np.eye(2, 384), bias=np.zeros(2)),
                },
                task="intent",
                base=(BASE_MODEL, encoder.revision),
                labels=("a", "b"),
            )
        )
        for number, adapter in enumerate(adapters)
    ]


async def test_a_head_brings_its_adapter_and_takes_it_away(
    heads: LoadedHeads, encoder: MiniLmEncoder, adapters: Sequence[Path], tmp_path: Path
) -> None:
    urls = packages(tmp_path, encoder, adapters)
    assert encoder.pools is not None
    for number, url in enumerate(urls):
        await heads.load(f"m{number}", url, room=10**8)
    assert encoder.pools.free_rows == 0
    with pytest.raises(NoRoom, match="unload another"):
        await heads.load("more", urls[0], room=10**8)
    async with heads.held("m1", None) as loaded:
        assert loaded.adapter is not None and len(loaded.adapter.rows) == 8
        unloading = asyncio.create_task(heads.unload("m1"))
        await asyncio.sleep(0)
        assert encoder.pools.free_rows == 0
    await unloading
    assert encoder.pools.free_rows == 8
    with pytest.raises(ModelNotFound):
        async with heads.held("m1", None):
            pass


async def test_what_came_on_demand_makes_room_for_the_next(
    heads: LoadedHeads, encoder: MiniLmEncoder, adapters: Sequence[Path], tmp_path: Path
) -> None:
    first, second = packages(tmp_path, encoder, [adapters[1], adapters[1]])
    for name, url in (("first", first), ("second", second), ("first", first)):
        async with heads.held(name, url) as loaded:
            assert loaded.adapter is not None
        assert [known for known, _ in heads.items()] == [name]


async def test_requests_for_one_package_share_its_fetch(
    heads: LoadedHeads, encoder: MiniLmEncoder, adapters: Sequence[Path], tmp_path: Path
) -> None:
    url = packages(tmp_path, encoder, adapters[:1])[0]

    async def ask() -> object:
        async with heads.held("one", url) as loaded:
            return loaded

    assert len(set(await asyncio.gather(*(ask() for _ in range(20))))) == 1


async def test_a_shard_without_room_for_adapters_refuses_a_head_that_brings_one(
    encoder: MiniLmEncoder, adapters: Sequence[Path], tmp_path: Path
) -> None:
    url = packages(tmp_path, encoder, adapters[:1])[0]
    disk = DiskPackages(tmp_path / "disk", LocalPackages(), budget_bytes=10**8)
    heads = LoadedHeads(MiniLmEncoder(), disk, on_demand_bytes=10**8)
    with pytest.raises(NoAdapters, match="--rank-rows 0") as refused:
        await heads.load("intent", url, room=10**8)
    assert type(refusal(refused.value)) is InvalidRequest
    assert heads.items() == []


async def test_a_package_of_another_kind_is_refused(heads: LoadedHeads, encoder: MiniLmEncoder, tmp_path: Path) -> None:
    url = str(write_adapter_package(tmp_path, "text", {CONFIG: b"{}"}, base=(BASE_MODEL, encoder.revision)))
    with pytest.raises(BadPackage, match="does not do"):
        await heads.load("text", url, room=10**8)
