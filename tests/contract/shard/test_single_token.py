"""Contract: the compiled decode step computes what torch's products compute, in every type and mix of ranks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from model_containers.shard.lora import single_token
from model_containers.shard.lora.gathered import NO_ADAPTER, AdapterPlacement, AdapterPools
from model_containers.shard.lora.peft_format import AdapterWeights, Factors

TARGETS = {"wide": (70, 33), "narrow": (8, 130)}
RANKS = (1, 4, 7, 16, 3)

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here: torch's products are used")


def any_factors(rank: int, dtype: torch.dtype) -> AdapterWeights:
    def any_rows(width: int) -> torch.Tensor:
        return torch.randn(rank, width, generator=torch.Generator().manual_seed(rank * width)).to(dtype)

    factors = {name: Factors(any_rows(width), any_rows(height)) for name, (width, height) in TARGETS.items()}
    return AdapterWeights(factors, rank)


def any_pools(
    dtype: torch.dtype, *, weights_as: torch.dtype | None = None
) -> tuple[AdapterPools, list[AdapterPlacement]]:
    pools = AdapterPools(TARGETS, rank_rows=sum(RANKS), dtype=dtype)
    placements = []
    for rank in RANKS:
        placements.append(pools.reserve(rank))
        pools.write(placements[-1], any_factors(rank, weights_as or dtype))
    return pools, placements


@pytest.mark.parametrize(("dtype", "close"), [(torch.float32, 1e-5), (torch.bfloat16, 2**-8)])
@pytest.mark.parametrize("flat", [False, True])
def test_it_equals_torchs_products_in_single_precision(dtype: torch.dtype, close: float, flat: bool) -> None:
    torch.manual_seed(0)
    pools, places = any_pools(dtype)
    exact, exact_places = any_pools(torch.float32, weights_as=dtype)
    assert pools.prefer_compiled(True) and not exact.prefer_compiled(False)
    for own, held in ((pools, places), (exact, exact_places)):
        own.compose([held[3], NO_ADAPTER, held[0], held[3], *held, NO_ADAPTER])
    for name, (width, height) in TARGETS.items():
        shape = (10,) if flat else (10, 1)
        inputs, outputs = torch.randn(*shape, width).to(dtype), torch.randn(*shape, height).to(dtype)
        with torch.inference_mode():
            wanted = exact.add(name, inputs.float(), outputs.float())
            found = pools.add(name, inputs, outputs.clone())
        assert ((found.float() - wanted).abs() / wanted.abs().clamp(min=1)).max() <= close
        assert torch.equal(found[1], outputs[1]), "a sequence without an adapter is left alone"


def test_not_a_number_stays_one() -> None:
    pools, placements = any_pools(torch.bfloat16)
    pools.compose([placements[0]])
    with torch.inference_mode():
        inputs = torch.full((1, 1, 70), torch.nan, dtype=torch.bfloat16)
        assert pools.add("wide", inputs, torch.zeros(1, 1, 33, dtype=torch.bfloat16)).isnan().all()


def test_a_batch_of_another_size_is_refused_before_memory_is_touched() -> None:
    pools, placements = any_pools(torch.float32)
    pools.compose(placements)
    with torch.inference_mode(), pytest.raises(ValueError, match="a pass over 2 sequences, but adapters for 5"):
        pools.add("wide", torch.zeros(2, 1, 70), torch.zeros(2, 1, 33))


def test_where_gradients_are_wanted_nothing_is_changed_in_place() -> None:
    pools, placements = any_pools(torch.float32)
    pools.compose([placements[0]])
    outputs = torch.zeros(1, 1, 33, requires_grad=True)
    assert pools.add("wide", torch.ones(1, 1, 70), outputs).requires_grad
    assert not outputs.any()


def test_an_image_brings_it_built(tmp_path: Path) -> None:
    single_token.build(tmp_path / "built.so")
    assert [file.name for file in tmp_path.iterdir()] == ["built.so"]


def test_without_a_compiler_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(FileNotFoundError, match="no C compiler"):
        single_token.build(tmp_path / "built.so")
