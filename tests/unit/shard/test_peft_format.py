"""Unit: an adapter's factors as they are served: scaled, turned, padded, in one block of memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save

from model_containers.shard.lora.peft_format import CONFIG, WEIGHTS, read_adapter
from sotto.models.package import BadPackage

WIDTH, HEIGHT = 70, 33


def written(folder: Path, tensors: Mapping[str, torch.Tensor], **config: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / CONFIG).write_text(json.dumps({"peft_type": "LORA", "r": 4, **config}))
    (folder / WEIGHTS).write_bytes(save(dict(tensors)))
    return folder


def any_factors(module: str, rank: int, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(rank)
    a, b = torch.randn(rank, WIDTH, generator=random), torch.randn(HEIGHT, rank, generator=random)
    return {f"base_model.model.{module}.lora_A.weight": a.to(dtype), f"{module}.lora_B.weight": b.to(dtype)}


@pytest.mark.parametrize("served", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("stored", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("alpha", [4, 10], ids=["scale 1", "scale 2.5"])
def test_every_factor_is_scaled_in_single_precision_and_rounded_once(
    tmp_path: Path, stored: torch.dtype, served: torch.dtype, alpha: int
) -> None:
    tensors = any_factors("q", 4, stored)
    found = read_adapter(written(tmp_path, tensors, lora_alpha=alpha), dtype=served).factors["q"]
    a, b = tensors.values()
    assert torch.equal(found.a, a.to(served))
    assert torch.equal(found.b, (b.float() * (alpha / 4)).to(served).t())


def test_smaller_ranks_end_in_zeros(tmp_path: Path) -> None:
    tensors = {**any_factors("q", 4, torch.float32), **any_factors("v", 1, torch.float32)}
    config = {"lora_alpha": 4, "alpha_pattern": {"v": 1}}
    found = read_adapter(written(tmp_path, tensors, **config), dtype=torch.float32)
    assert found.rank == 4
    assert torch.equal(found.factors["v"].b[:1], tensors["v.lora_B.weight"].t())
    assert not found.factors["v"].a[1:].any() and not found.factors["v"].b[1:].any()


def test_an_adapter_takes_one_block_of_memory_that_is_no_larger_than_its_file(tmp_path: Path) -> None:
    tensors = {**any_factors("q", 16, torch.bfloat16), **any_factors("v", 16, torch.bfloat16)}
    found = read_adapter(written(tmp_path, tensors, lora_alpha=16), dtype=torch.bfloat16)
    memory = [one.untyped_storage() for factors in found.factors.values() for one in (factors.a, factors.b)]
    assert {block.data_ptr(): block.nbytes() for block in memory} == {memory[0].data_ptr(): found.bytes}
    assert found.bytes <= (tmp_path / WEIGHTS).stat().st_size


def test_what_is_finite_in_the_file_but_not_as_served_is_refused(tmp_path: Path) -> None:
    tensors = {**any_factors("q", 4, torch.float32), **any_factors("v", 4, torch.float32)}
    tensors["v.lora_B.weight"][3, 2] = 1e5
    folder = written(tmp_path, tensors, lora_alpha=4)
    assert read_adapter(folder, dtype=torch.bfloat16).rank == 4
    with pytest.raises(BadPackage, match="factors of v .* not finite as torch.float16"):
        read_adapter(folder, dtype=torch.float16)


def test_large_numbers_whose_sum_overflows_are_not_mistaken_for_infinite_ones(tmp_path: Path) -> None:
    tensors = any_factors("q", 4, torch.float32)
    tensors["q.lora_B.weight"].fill_(3e38)
    assert read_adapter(written(tmp_path, tensors, lora_alpha=4), dtype=torch.float32).rank == 4


def test_whole_numbers_are_no_factors(tmp_path: Path) -> None:
    tensors = {**any_factors("q", 4, torch.float32), "q.lora_B.weight": torch.ones(HEIGHT, 4, dtype=torch.int8)}
    with pytest.raises(BadPackage, match="int8"):
        read_adapter(written(tmp_path, tensors), dtype=torch.float32)
