"""Model directories of a few kilobytes, and adapters that PEFT itself wrote for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModel,
    AutoModelForCausalLM,
    BertConfig,
    BertModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
)

VOCABULARY = 260
END = 257


def write_llama(directory: Path, *, seed: int = 0, **changes: Any) -> Path:
    """Grouped-query attention, byte tokens, 2 layers."""
    torch.manual_seed(seed)
    return _saved(LlamaForCausalLM(LlamaConfig(**{**_shape(), **changes})), directory)


def write_llama_for_vllm(directory: Path) -> Path:
    """vLLM's attention on a CPU wants heads of 32 at least, and the tokenizer's settings in a file."""
    model = write_llama(directory, hidden_size=128, intermediate_size=128)
    described = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "</s>", "bos_token": "<s>"}
    (model / "tokenizer_config.json").write_text(json.dumps(described))
    return model


def adapter_files_of(written: Path) -> dict[str, bytes]:
    """What ``write_adapter`` wrote, as a package holds it."""
    return {name: (written / name).read_bytes() for name in ("adapter_config.json", "adapter_model.safetensors")}


def write_mistral(directory: Path, *, seed: int = 0, sliding_window: int | None = 16) -> Path:
    torch.manual_seed(seed)
    return _saved(MistralForCausalLM(MistralConfig(**_shape(), sliding_window=sliding_window)), directory)


def write_bert(directory: Path, *, seed: int = 0) -> Path:
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        initializer_range=0.4,
    )
    return _saved(BertModel(config), directory)


BERT_TARGETS = ("query", "key", "value", "dense")
"""The Linear layers of a BERT, as PEFT names them."""


def write_adapter(
    model: Path,
    directory: Path,
    *,
    seed: int,
    rank: int = 4,
    targets: Sequence[str] = ("q_proj", "v_proj"),
    strength: float = 0.3,
    **more: Any,
) -> Path:
    """PEFT starts B at zero, where nothing could be compared; here both factors are random."""
    base = _loaded(model)
    torch.manual_seed(seed)
    tuned = get_peft_model(base, LoraConfig(r=rank, target_modules=list(targets), **{"lora_alpha": 2 * rank, **more}))
    for name, parameter in tuned.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(parameter, std=strength)
    tuned.save_pretrained(directory)
    return directory


def _loaded(model: Path) -> Any:
    kind = json.loads((model / "config.json").read_text())["architectures"][0]
    return (AutoModelForCausalLM if kind.endswith("CausalLM") else AutoModel).from_pretrained(model)


def _shape() -> dict[str, Any]:
    return {
        "vocab_size": VOCABULARY,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
        "bos_token_id": 256,
        "eos_token_id": END,
        "pad_token_id": 258,
        "initializer_range": 0.4,  # the usual 0.02 makes every step repeat one token, which would hide mistakes
    }


def _saved(model: Any, directory: Path) -> Path:
    model.save_pretrained(directory)
    byte_tokenizer().save(str(directory / "tokenizer.json"))
    return directory


def byte_tokenizer() -> Tokenizer:
    """One token a byte, and three special ones."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<s>", "</s>", "<pad>"])
    return tokenizer
