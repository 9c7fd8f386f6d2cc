"""A Llama- or Mistral-shaped model directory: weights, tokenizer, chat template, tokens that end a text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from model_containers.shard.decoder.constraint import Grammars
from model_containers.shard.decoder.request import GenerationRequest, InvalidGenerationRequest
from model_containers.shard.decoder.sampling import Sampling
from model_containers.shard.decoder.sequence import DecodingSequence
from model_containers.shard.decoder.text import TextStream

SHAPES = ("llama", "mistral")
_ENDS_OF_A_FILE = 1024 * 1024


@dataclass(frozen=True)
class BaseModel:
    model: Any
    tokenizer: Tokenizer
    ends: tuple[int, ...]
    directory: Path

    @classmethod
    def load(
        cls, directory: Path, *, dtype: torch.dtype = torch.bfloat16, device: torch.device | str = "cpu"
    ) -> BaseModel:
        """Raises ValueError for a model of another shape."""
        from transformers import AutoConfig, AutoModelForCausalLM

        config = AutoConfig.from_pretrained(directory, local_files_only=True)
        if config.model_type not in SHAPES:
            raise ValueError(f"{directory.name} is a {config.model_type} model; served are {', '.join(SHAPES)}")
        model = AutoModelForCausalLM.from_pretrained(
            directory, dtype=dtype, local_files_only=True, attn_implementation="sdpa", use_safetensors=True
        )
        return cls(
            model.to(device).eval(), Tokenizer.from_file(str(directory / "tokenizer.json")), _ends(model), directory
        )

    @cached_property
    def grammars(self) -> Grammars:
        return Grammars(self.tokenizer, vocabulary=self.model.config.vocab_size, ends=self.ends)

    def sequence(self, request: GenerationRequest, *, longest: int) -> DecodingSequence:
        """Raises InvalidGenerationRequest when prompt and answer do not fit into ``longest`` positions."""
        prompt = self.prompt(request)
        if len(prompt) + request.max_tokens > longest:
            raise InvalidGenerationRequest(
                f"prompt: {len(prompt)} tokens and max_tokens {request.max_tokens} are more than the {longest} "
                "positions of this model: shorten one of them"
            )
        return DecodingSequence(
            prompt, request.max_tokens, TextStream(self.tokenizer, request.stop), self._sampling(request),
            ends=frozenset(self.ends),
        )  # fmt: skip

    def prompt(self, request: GenerationRequest) -> list[int]:
        if request.messages is None:
            assert request.prompt is not None
            ids: list[int] = self.tokenizer.encode(request.prompt).ids
        else:
            ids = self.tokenizer.encode(self._chat(request.messages), add_special_tokens=False).ids
        if not ids:
            raise InvalidGenerationRequest("prompt: the tokenizer makes no token of it")
        return ids

    def _chat(self, messages: Any) -> str:
        template = self._template
        if template is None:
            raise InvalidGenerationRequest("messages: this model has no chat template: send a prompt")
        return str(template([message.model_dump() for message in messages]))

    @cached_property
    def _template(self) -> Any:
        from transformers import PreTrainedTokenizerFast

        if not any((self.directory / name).exists() for name in ("chat_template.jinja", "tokenizer_config.json")):
            return None
        tokenizer = PreTrainedTokenizerFast.from_pretrained(self.directory, local_files_only=True)
        if tokenizer.chat_template is None:
            return None
        return lambda messages: tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)

    def _sampling(self, request: GenerationRequest) -> Sampling:
        random = None
        if request.temperature > 0:
            random = torch.Generator()
            random.manual_seed(request.seed) if request.seed is not None else random.seed()
        constraint = self.grammars.json(request.json_schema) if request.json_schema is not None else None
        return Sampling(request.temperature, request.top_p, random, constraint)


def fingerprint(directory: Path) -> str:
    """Names the weights without reading them all: the shape, and size, head and tail of each file."""
    digest = hashlib.sha256(json.dumps(json.loads((directory / "config.json").read_text()), sort_keys=True).encode())
    for file in sorted(directory.glob("*.safetensors")):
        size = file.stat().st_size
        with file.open("rb") as weights:
            digest.update(f"{file.name} {size}".encode() + weights.read(_ENDS_OF_A_FILE))
            weights.seek(max(0, size - _ENDS_OF_A_FILE))
            digest.update(weights.read())
    return digest.hexdigest()[:12]


def _ends(model: Any) -> tuple[int, ...]:
    end = model.generation_config.eos_token_id
    return tuple(end) if isinstance(end, list) else () if end is None else (int(end),)
