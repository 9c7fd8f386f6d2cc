"""Contract: prompts that begin alike share what was computed, and write what they would write without sharing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from model_containers.shard.decoder.base_model import BaseModel
from model_containers.shard.decoder.decoder import Decoder
from model_containers.shard.decoder.prefixes import BLOCK_TOKENS
from model_containers.shard.decoder.sequence import DecodingSequence
from model_containers.shard.lora.gathered import LLAMA_TARGETS, NO_ADAPTER, install
from tests.contract.shard.test_decoder import any_sequence, finish, placed
from tests.fakes.small_models import write_adapter, write_llama, write_mistral

# PEFT 0.21 still asks transformers 5 for a property by its old name.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
INSTRUCTIONS = "You help an agent of Harbour Bank. Answer from the passages alone, and briefly. " * 2
MEMORY = 64 * 1024**2


@pytest.fixture(scope="module", params=[write_llama, write_mistral], ids=["llama", "mistral"])
def base(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> BaseModel:
    return BaseModel.load(request.param(tmp_path_factory.mktemp("m") / "model"), dtype=torch.float32)


def asked(base: BaseModel, ending: str, owner: str = "bank") -> DecodingSequence:
    sequence = any_sequence(base, INSTRUCTIONS + ending)
    sequence.owner = owner
    return sequence


def texts(decoder: Decoder, sequences: list[DecodingSequence], *, arrivals: int) -> list[list[int]]:
    finish(decoder, list(sequences), arrivals=arrivals)
    return [one.tokens for one in sequences]


@pytest.mark.parametrize("arrivals", [1, 2, 4])
def test_shared_beginnings_change_no_text(base: BaseModel, arrivals: int) -> None:
    endings = ["How much is the fee?", "My card is lost", "?", "", "Is the branch open on Sunday, and until when?"]
    alone = texts(Decoder(base.model, None, rows=4, chunk_tokens=40), [asked(base, e) for e in endings], arrivals=1)
    sharing = Decoder(base.model, None, rows=4, chunk_tokens=40, prefix_bytes=MEMORY)
    again = [asked(base, ending) for ending in [*endings, *endings]]
    assert texts(sharing, again, arrivals=arrivals) == [*alone, *alone]
    whole_blocks = len(asked(base, "?").prompt) // BLOCK_TOKENS * BLOCK_TOKENS
    assert sharing.prefixes.found_tokens >= (len(again) - arrivals) * (whole_blocks - BLOCK_TOKENS)


def test_neither_owners_nor_adapters_share(base: BaseModel, tmp_path: Path) -> None:
    tuned = BaseModel.load(base.directory, dtype=torch.float32)
    pools = install(tuned.model, LLAMA_TARGETS, rank_rows=8)
    adapter = write_adapter(base.directory, tmp_path / "a", seed=1, rank=4, targets=LLAMA_TARGETS)
    placement = placed(pools, adapter)
    decoder = Decoder(tuned.model, pools, rows=1, prefix_bytes=MEMORY)
    for owner, held in (("bank", NO_ADAPTER), ("garage", NO_ADAPTER), ("bank", placement)):
        one = asked(tuned, "My card is lost", owner)
        one.placement = held
        texts(decoder, [one], arrivals=1)
        assert decoder.prefixes.found_tokens == 0
    other = asked(tuned, "My card is lost")
    other.placement = placement
    texts(decoder, [other], arrivals=1)
    assert decoder.prefixes.found_tokens > 0
    assert other.tokens == one.tokens


def test_memory_is_bounded_and_ends_leave_before_beginnings(base: BaseModel) -> None:
    one = Decoder(base.model, None, prefix_bytes=0)
    texts(one, [asked(base, "a"), asked(base, "b")], arrivals=1)
    assert (one.prefixes.bytes, one.prefixes.found_tokens) == (0, 0)
    tight = Decoder(base.model, None, rows=1)
    block_bytes = tight._shape.bytes_a_token * BLOCK_TOKENS
    tight = Decoder(base.model, None, rows=1, prefix_bytes=3 * block_bytes)
    for number in range(6):
        texts(tight, [asked(base, f"question {number} " * 8)], arrivals=1)
        assert tight.prefixes.bytes <= 3 * block_bytes
    assert tight.prefixes.found_tokens == 5 * 3 * BLOCK_TOKENS
