"""Unit: rows of the pools, wherever they are free."""

from __future__ import annotations

import pytest
import torch

from model_containers.shard.lora.gathered import AdapterPlacement, AdapterPools
from model_containers.shard.lora.peft_format import AdapterWeights, Factors

TARGETS = {"q": (5, 3), "v": (5, 2)}


def any_weights(rank: int, *, only: str = "") -> AdapterWeights:
    random = torch.Generator().manual_seed(rank)
    drawn = {
        name: Factors(torch.randn(rank, width, generator=random), torch.randn(rank, height, generator=random))
        for name, (width, height) in TARGETS.items()
    }
    return AdapterWeights({name: drawn[name] for name in drawn if only in name}, rank)


def added(pools: AdapterPools, placement: AdapterPlacement, name: str) -> torch.Tensor:
    pools.compose([placement])
    return pools.add(name, torch.ones(1, 1, 5), torch.zeros(1, 1, TARGETS[name][1]))[0, 0]


def wanted(weights: AdapterWeights, name: str) -> torch.Tensor:
    return torch.ones(5) @ weights.factors[name].a.t() @ weights.factors[name].b


def test_rows_that_lie_apart_hold_what_rows_side_by_side_would() -> None:
    pools = AdapterPools(TARGETS, rank_rows=6, dtype=torch.float32)
    first, middle, last = (pools.reserve(2) for _ in range(3))
    pools.write(middle, any_weights(2))
    pools.release(first)
    pools.release(last)
    apart = pools.reserve(4)
    assert apart.rows[-1] - apart.rows[0] > 3, "there is a gap"
    pools.write(apart, any_weights(4))
    for name in TARGETS:
        assert torch.allclose(added(pools, apart, name), wanted(any_weights(4), name), atol=1e-6)
        assert torch.allclose(added(pools, middle, name), wanted(any_weights(2), name), atol=1e-6), "left alone"


@pytest.mark.parametrize("freed", [(0, 1), (0, 2)], ids=["side by side", "apart"])
def test_a_target_that_an_adapter_leaves_alone_keeps_nothing_of_the_one_before(freed: tuple[int, int]) -> None:
    pools = AdapterPools(TARGETS, rank_rows=3, dtype=torch.float32)
    before = [pools.reserve(1) for _ in range(3)]
    for placement in before:
        pools.write(placement, any_weights(1))
    for number in freed:
        pools.release(before[number])
    taken = pools.reserve(2)
    pools.write(taken, any_weights(2, only="q"))
    assert torch.allclose(added(pools, taken, "q"), wanted(any_weights(2), "q"), atol=1e-6)
    assert not added(pools, taken, "v").any()
