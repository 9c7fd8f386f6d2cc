"""Structured output: at each step only tokens that can still become JSON of the wanted schema are allowed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask
from tokenizers import Tokenizer
from torch import Tensor

from model_containers.shard.decoder.request import InvalidGenerationRequest

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

LARGEST_SCHEMA = 100_000


class Grammars:
    """One tokenizer's grammars. Compiling the tokenizer takes about a second for 32,000 tokens, so it is done once."""

    def __init__(self, tokenizer: Tokenizer, *, vocabulary: int, ends: tuple[int, ...]) -> None:
        self._tokenizer = LLTokenizer(tokenizer.to_str(), n_vocab=vocabulary, eos_token=list(ends))
        self._vocabulary = vocabulary

    def json(self, schema: dict[str, Any]) -> Constraint:
        """Raises InvalidGenerationRequest for what is no schema, or one too complex to follow."""
        text = json.dumps(schema)
        if len(text) > LARGEST_SCHEMA:
            raise InvalidGenerationRequest(f"json_schema: {len(text)} characters, more than {LARGEST_SCHEMA}")
        matcher = LLMatcher(self._tokenizer, LLMatcher.grammar_from_json_schema(text, defaults=_COMPACT))
        if error := matcher.get_error():
            raise InvalidGenerationRequest(f"json_schema: {error}")
        return Constraint(matcher, self._vocabulary)


# Free white space between tokens lets a weak model print blanks until its budget ends.
_COMPACT: JsonCompileOptions = {"whitespace_flexible": False}


class Constraint:
    """The state of one sequence."""

    def __init__(self, matcher: LLMatcher, vocabulary: int) -> None:
        self._matcher = matcher
        self._bits = allocate_token_bitmask(1, vocabulary)
        self._vocabulary = vocabulary

    @property
    def finished(self) -> bool:
        return bool(self._matcher.is_stopped())

    def forbidden(self) -> Tensor:
        """Shape (vocabulary,), True where a token may not come next."""
        fill_next_token_bitmask(self._matcher, self._bits)
        allowed = np.unpackbits(self._bits.view(np.uint8), bitorder="little")[: self._vocabulary]
        return torch.from_numpy(allowed == 0)

    def accept(self, token: int) -> None:
        self._matcher.consume_token(token)
