"""How somebody feels: by the encoder's reading of the text and, beside it, by the words' own feeling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model_containers.shard.base_encoder.embedding import TextEmbedding, Vectors
from model_containers.shard.heads.classifier import ClassifierHead
from model_containers.shard.heads.lexicon import COLUMNS, feelings
from model_containers.shard.heads.weights import columns_of, tensor
from sotto.models.package import ModelPackage

LEXICON = "lexicon"


class SentimentHead(ClassifierHead):
    """Packages without weights for the lexicon, as they were trained before, are answered by the reading alone."""

    def __init__(self, package: ModelPackage) -> None:
        super().__init__(package)
        rows = len(package.card.labels)
        has_lexicon = columns_of(package, LEXICON) > 0
        self._lexicon = tensor(package, LEXICON, rows=rows, columns=len(COLUMNS)) if has_lexicon else None
        if has_lexicon:
            feelings([""])  # reads the lexicon now, and not while the first call waits

    def answer(self, request: Mapping[str, Any], embedding: TextEmbedding | None) -> dict[str, Any]:
        assert embedding is not None
        if self._lexicon is None:
            return super().answer(request, embedding)
        words: Vectors = feelings([str(request["text"])]) @ self._lexicon.T
        return self._answer(self._shares(self._logits(embedding)[:1] + words)[0])
