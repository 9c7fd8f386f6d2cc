"""Contract: continuous batching writes what transformers' own generate writes for each sequence alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from model_containers.shard.decoder.base_model import BaseModel
from model_containers.shard.decoder.decoder import Decoder
from model_containers.shard.decoder.request import GenerationRequest
from model_containers.shard.decoder.sequence import DecodingSequence
from model_containers.shard.lora.gathered import LLAMA_TARGETS, NO_ADAPTER, AdapterPlacement, AdapterPools, install
from model_containers.shard.lora.peft_format import aligned, read_adapter
from tests.fakes.small_models import write_adapter, write_llama, write_mistral

# PEFT 0.21 still asks transformers 5 for a property by its old name.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
PROMPTS = ["Hello", "a", "The customer wants to close the account over fees, and " * 3, "What now?", "x" * 70, "end"]
TOKENS = 24


@pytest.fixture(params=[write_llama, write_mistral], ids=["llama", "mistral with a sliding window"])
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write: Callable[[Path], Path] = request.param
    return write(tmp_path / "model")


def any_sequence(
    base: BaseModel, prompt: str, placement: AdapterPlacement = NO_ADAPTER, **wishes: Any
) -> DecodingSequence:
    request = GenerationRequest(prompt=prompt, **{"max_tokens": TOKENS, **wishes})
    sequence = base.sequence(request, longest=512)
    sequence.placement = placement
    return sequence


def written_by_transformers(model: Any, prompt: list[int]) -> list[int]:
    ids = torch.tensor([prompt])
    with torch.inference_mode():
        found = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=TOKENS, do_sample=False, pad_token_id=258
        )
    return [int(token) for token in found[0, len(prompt) :]]


def finish(decoder: Decoder, waiting: list[DecodingSequence], *, arrivals: int = 1) -> None:
    """A new sequence every few steps, as far as there is room."""
    step = 0
    while waiting or not decoder.idle:
        if waiting and step % 3 == 0 and decoder.room:
            batch = [waiting.pop(0) for _ in range(min(arrivals, decoder.room, len(waiting)))]
            decoder.admit(batch)
        decoder.advance()
        step += 1


@pytest.mark.parametrize("arrivals", [1, 3])
def test_greedy_text_is_transformers_whoever_comes_and_goes_meanwhile(directory: Path, arrivals: int) -> None:
    base = BaseModel.load(directory, dtype=torch.float32)
    decoder = Decoder(base.model, None, rows=4, chunk_tokens=48)
    sequences = [any_sequence(base, prompt) for prompt in PROMPTS]
    finish(decoder, list(sequences), arrivals=arrivals)
    alone = AutoModelForCausalLM.from_pretrained(directory).eval()
    for one in sequences:
        assert one.tokens == written_by_transformers(alone, one.prompt)
    assert len({tuple(one.tokens) for one in sequences}) == len(PROMPTS), "the model writes the same whatever it reads"


def test_each_sequence_writes_with_its_own_adapter(directory: Path, tmp_path: Path) -> None:
    base = BaseModel.load(directory, dtype=torch.float32)
    pools = install(base.model, LLAMA_TARGETS, rank_rows=40)
    adapters = [
        write_adapter(directory, tmp_path / f"a{n}", seed=n, rank=n, targets=LLAMA_TARGETS) for n in range(1, 5)
    ]
    placements = [placed(pools, adapter) for adapter in adapters]
    sequences = [any_sequence(base, PROMPTS[0], placement) for placement in [*placements, NO_ADAPTER]]
    finish(Decoder(base.model, pools, rows=3, chunk_tokens=16), list(sequences), arrivals=2)
    for one, adapter in zip(sequences, adapters, strict=False):
        peft = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(directory), adapter).eval()
        assert one.tokens == written_by_transformers(peft, one.prompt)
    alone = AutoModelForCausalLM.from_pretrained(directory).eval()
    assert sequences[-1].tokens == written_by_transformers(alone, sequences[-1].prompt)
    assert len({tuple(one.tokens) for one in sequences}) == 5


def placed(pools: AdapterPools, adapter: Path) -> AdapterPlacement:
    weights = aligned(read_adapter(adapter, dtype=pools.dtype), pools.targets, ("model",))
    placement = pools.reserve(weights.rank)
    pools.write(placement, weights)
    return placement


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> BaseModel:
    return BaseModel.load(write_llama(tmp_path_factory.mktemp("m") / "model"), dtype=torch.float32)


def written(base: BaseModel, sequence: DecodingSequence) -> str:
    finish(Decoder(base.model, None), [sequence])
    return sequence.taken()


def test_a_stop_string_ends_the_text_before_itself(base: BaseModel) -> None:
    whole = written(base, any_sequence(base, "Hello"))
    stop = whole[4:7]
    stopped = any_sequence(base, "Hello", stop=[stop, "never said"])
    assert written(base, stopped) == whole[: whole.index(stop)]
    assert stopped.finish == "stop"


def test_a_seed_gives_the_same_text_whatever_runs_beside_it(base: BaseModel) -> None:
    wishes = {"temperature": 1.2, "top_p": 0.9, "seed": 7}
    alone = any_sequence(base, "Hello", **wishes)
    written(base, alone)
    beside = any_sequence(base, "Hello", **wishes)
    other = any_sequence(base, "Hello", temperature=1.2, seed=8)
    finish(Decoder(base.model, None), [other, beside, any_sequence(base, "more")], arrivals=3)
    assert beside.tokens == alone.tokens
    assert other.tokens != alone.tokens


def test_structured_output_is_json_of_the_schema_though_the_weights_are_random(base: BaseModel) -> None:
    import json

    schema = {
        "type": "object",
        "properties": {
            "kind": {"enum": ["refund", "apology"]},
            "amount": {"type": "integer", "minimum": 0, "maximum": 999},
        },
        "required": ["kind", "amount"],
        "additionalProperties": False,
    }
    for seed in range(5):
        one = any_sequence(base, "Hello", json_schema=schema, temperature=1.0, seed=seed, max_tokens=80)
        found = json.loads(written(base, one))
        assert found["kind"] in ("refund", "apology") and 0 <= found["amount"] <= 999
        assert one.finish == "stop"


def test_a_likelier_token_always_survives_the_narrowest_nucleus(base: BaseModel) -> None:
    greedy = any_sequence(base, "Hello")
    narrow = any_sequence(base, "Hello", temperature=0.7, top_p=1e-6)
    finish(Decoder(base.model, None), [greedy, narrow])
    assert narrow.tokens == greedy.tokens
