"""Contract: the gathered layer computes what PEFT computes, for adapters that PEFT wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import AutoModel, AutoModelForCausalLM

from model_containers.shard.lora.gathered import LLAMA_TARGETS, NO_ADAPTER, AdapterPools, install
from model_containers.shard.lora.packed import Layout
from model_containers.shard.lora.peft_format import aligned, read_adapter
from tests.fakes.small_models import BERT_TARGETS, write_adapter, write_bert, write_llama, write_mistral

# PEFT 0.21 still asks transformers 5 for a property by its old name.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
CLOSE = 1e-4
RANKS = (1, 2, 4, 8, 3, 16)


@pytest.fixture(autouse=True)
def no_gradients() -> Any:
    with torch.inference_mode():
        yield


def place(pools: AdapterPools, directory: Path) -> Any:
    weights = aligned(read_adapter(directory, dtype=pools.dtype), pools.targets, ("model", "bert"))
    placement = pools.reserve(weights.rank)
    pools.write(placement, weights)
    return placement


def peft_alone(model: Path, adapter: Path, ids: torch.Tensor, load: Any) -> torch.Tensor:
    return outputs_of(PeftModel.from_pretrained(load(model), adapter).eval()(input_ids=ids))


def outputs_of(found: Any) -> torch.Tensor:
    result: torch.Tensor = found.logits if "logits" in found else found.last_hidden_state
    return result


def assert_every_row_is_pefts(model: Path, adapters: Sequence[Path], endings: Sequence[str], load: Any) -> None:
    ours = load(model).eval()
    pools = install(ours, endings, rank_rows=sum(RANKS) + 8)
    placements = [place(pools, adapter) for adapter in adapters]
    ids = torch.randint(0, 256, (len(adapters) + 1, 7), generator=torch.Generator().manual_seed(1))
    pools.compose([*placements, NO_ADAPTER])
    found = outputs_of(ours(input_ids=ids))
    for row, adapter in enumerate(adapters):
        wanted = peft_alone(model, adapter, ids[row : row + 1], load)
        assert (found[row] - wanted[0]).abs().max() <= CLOSE
    base = outputs_of(load(model).eval()(input_ids=ids[-1:]))
    assert (found[-1] - base[0]).abs().max() <= CLOSE
    unadapted = outputs_of(load(model).eval()(input_ids=ids[:-1]))
    assert (found[:-1] - unadapted).abs().amax(dim=(1, 2)).min() > 10 * CLOSE, "an adapter that changes nothing"


@pytest.mark.parametrize("write", [write_llama, write_mistral])
def test_a_batch_of_many_adapters_and_ranks_equals_peft_one_by_one(
    tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    model = write(tmp_path / "model")
    adapters = [
        write_adapter(model, tmp_path / f"a{seed}", seed=seed, rank=rank, targets=LLAMA_TARGETS[: 1 + seed])
        for seed, rank in enumerate(RANKS)
    ]
    assert_every_row_is_pefts(model, adapters, LLAMA_TARGETS, AutoModelForCausalLM.from_pretrained)


def test_an_encoders_adapters_equal_peft_too(tmp_path: Path) -> None:
    model = write_bert(tmp_path / "model")
    adapters = [
        write_adapter(model, tmp_path / f"a{seed}", seed=seed, rank=rank, targets=BERT_TARGETS[: 1 + seed % 4])
        for seed, rank in enumerate(RANKS)
    ]
    assert_every_row_is_pefts(model, adapters, BERT_TARGETS, AutoModel.from_pretrained)


def test_scaling_by_root_of_rank_and_ranks_per_module_are_pefts(tmp_path: Path) -> None:
    model = write_llama(tmp_path / "model")
    patterns = {"rank_pattern": {"layers.0.self_attn.q_proj": 2}, "alpha_pattern": {"v_proj": 3}}
    adapters = [
        write_adapter(model, tmp_path / "stable", seed=1, rank=8, use_rslora=True),
        write_adapter(model, tmp_path / "patterns", seed=2, rank=4, **patterns),
    ]
    assert_every_row_is_pefts(model, adapters, LLAMA_TARGETS, AutoModelForCausalLM.from_pretrained)


def test_rows_of_an_adapter_that_left_serve_the_next_one(tmp_path: Path) -> None:
    model = write_llama(tmp_path / "model")
    first, second = (write_adapter(model, tmp_path / f"a{seed}", seed=seed) for seed in (1, 2))
    ours = AutoModelForCausalLM.from_pretrained(model).eval()
    pools = install(ours, LLAMA_TARGETS, rank_rows=4)
    ids = torch.arange(5)[None]
    for adapter in (first, second):
        placement = place(pools, adapter)
        assert pools.free_rows == 0
        pools.compose([placement])
        wanted = peft_alone(model, adapter, ids, AutoModelForCausalLM.from_pretrained)
        assert (ours(input_ids=ids).logits - wanted).abs().max() <= CLOSE
        pools.release(placement)


@pytest.mark.parametrize("adapted", [(0, 1, 2), (1,), (0, 2), (0, 1, 3, 4, 6), tuple(range(7))])
def test_a_packed_pass_equals_one_by_one_and_leaves_the_others_alone(adapted: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    lengths, width, height, rank = [3, 1, 5, 2, 2, 7, 1], 6, 4, 2
    ends = list(accumulate(lengths))
    a, b = torch.randn(len(lengths), width, rank), torch.randn(len(lengths), rank, height)
    inputs, outputs = torch.randn(sum(lengths), width), torch.randn(sum(lengths), height)
    layout = Layout.of([(ends[place] - lengths[place], ends[place]) for place in adapted])
    if layout.rows is None:
        factors = [(a[place].t(), b[place]) for place in adapted]
        found = layout.add_apart(inputs, outputs.clone(), factors)
    else:
        found = layout.add(inputs, outputs.clone(), a[list(adapted)], b[list(adapted)])
    parts = zip(inputs.split(lengths), outputs.split(lengths), a, b, strict=True)
    wanted = [y + x @ one_a @ one_b if n in adapted else y for n, (x, y, one_a, one_b) in enumerate(parts)]
    assert (found - torch.cat(wanted)).abs().max() < 1e-5


def test_memory_per_adapter_is_what_its_file_holds(tmp_path: Path) -> None:
    model = write_llama(tmp_path / "model")
    adapter = write_adapter(model, tmp_path / "a", seed=1, rank=8, targets=LLAMA_TARGETS)
    pools = install(AutoModelForCausalLM.from_pretrained(model), LLAMA_TARGETS, rank_rows=8)
    weights = read_adapter(adapter, dtype=torch.float32)
    assert pools.row_bytes * weights.rank == weights.bytes
    assert weights.bytes <= (adapter / "adapter_model.safetensors").stat().st_size * 1.05
