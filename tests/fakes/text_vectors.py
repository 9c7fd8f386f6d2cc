"""Vectors of texts by their words: texts that share words are close."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from sotto.core.content_words import content_words
from sotto.inference.shard import ModelUnavailable
from sotto.search.passage import DIMENSIONS


@dataclass
class WordVectors:
    """A TextVectors. ``is_down``: nobody answers. ``read``: the texts that it was asked for."""

    is_down: bool = False
    read: list[str] = field(default_factory=list)

    def vectors(self, tenant: str, texts: Sequence[str]) -> list[list[float]]:
        if self.is_down:
            raise ModelUnavailable("the encoder did not answer; ask again")
        self.read += texts
        return [vector_of(text) for text in texts]


def vector_of(text: str) -> list[float]:
    numbers = [0.0] * DIMENSIONS
    for word in content_words(text) or [text]:
        digest = sha256(word.encode()).digest()
        for at in range(0, 16, 2):
            numbers[int.from_bytes(digest[at : at + 2], "big") % DIMENSIONS] += 1.0 if digest[at] & 1 else -1.0
    length = math.sqrt(sum(each * each for each in numbers)) or 1.0
    return [each / length for each in numbers] if any(numbers) else [1.0, *numbers[1:]]
