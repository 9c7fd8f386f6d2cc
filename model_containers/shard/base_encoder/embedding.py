"""What an encoder makes of a text, and of its pieces: the seam between the encoder, the heads and their training."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
_SENTENCE = re.compile(r"[^.?!;]+[.?!;]*")
_WORD = re.compile(r"\S+")
WINDOW_WORDS, STRIDE_WORDS, MOST_PIECES = 12, 8, 24


@dataclass(frozen=True, slots=True)
class TextEmbedding:
    """What the encoder made of one text. Rows are unit vectors, shape (n, 384), n >= 1.

    ``pieces[0]`` is the whole text; the rest are its sentences, or windows of words where no punctuation divides it:
    "thanks for calling how can I help" holds two behaviours, and neither looks like the whole.

    ``inner`` is the same of the last layer but one, which keeps words that the last layer has blurred into meaning.
    """

    pieces: Vectors
    spans: tuple[tuple[int, int], ...]
    inner: Vectors | None = None
    tuned: Vectors | None = None
    """The same pieces as an adapter reads them, where a head looks at both."""

    def beside(self, adapted: TextEmbedding) -> TextEmbedding:
        """This one, of the base, with an adapter's of the same text."""
        return replace(self, tuned=adapted.pieces)

    @property
    def adapted(self) -> Vectors:
        assert self.tuned is not None
        return self.tuned

    @property
    def whole(self) -> Vectors:
        first: Vectors = self.pieces[0]
        return first

    @property
    def wide(self) -> Vectors:
        """Both layers side by side. Shape (n, 768)."""
        assert self.inner is not None
        return np.concatenate([self.pieces, self.inner], axis=1)


class TextEncoder(Protocol):
    revision: str

    def encode(self, texts: Sequence[str]) -> list[TextEmbedding]:
        """One batched forward pass."""
        ...


def pieces_of(text: str) -> list[tuple[int, int]]:
    """Character spans of the sentences of a text; long ones are cut into overlapping windows. None: it is one piece."""
    spans: list[tuple[int, int]] = []
    for sentence in _SENTENCE.finditer(text):
        words = [(sentence.start() + w.start(), sentence.start() + w.end()) for w in _WORD.finditer(sentence[0])]
        for first in range(0, max(1, len(words) - WINDOW_WORDS + STRIDE_WORDS), STRIDE_WORDS):
            window = words[first : first + WINDOW_WORDS]
            if window:
                spans.append((window[0][0], window[-1][1]))
    return spans[:MOST_PIECES] if len(spans) > 1 else []


class CachingEncoder:
    """Reads each text once; for training, where the same phrases serve several models."""

    def __init__(self, encoder: TextEncoder, *, batch: int = 32) -> None:
        self._encoder = encoder
        self._batch = batch
        self._known: dict[str, TextEmbedding] = {}

    @cached_property
    def revision(self) -> str:
        return self._encoder.revision

    def encode(self, texts: Sequence[str]) -> list[TextEmbedding]:
        new = sorted(set(texts) - self._known.keys(), key=len)
        for start in range(0, len(new), self._batch):
            batch = new[start : start + self._batch]
            self._known.update(zip(batch, self._encoder.encode(batch), strict=True))
        return [self._known[text] for text in texts]

    def whole(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384)."""
        return np.stack([embedding.whole for embedding in self.encode(texts)])

    def wide(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 768)."""
        return np.stack([embedding.wide[0] for embedding in self.encode(texts)])
