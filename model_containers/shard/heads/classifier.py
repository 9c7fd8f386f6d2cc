"""One label out of several, or none of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from model_containers.shard.base_encoder.embedding import TextEmbedding, Vectors
from model_containers.shard.base_encoder.minilm import DIMENSIONS
from model_containers.shard.heads.weights import columns_of, tensor
from sotto.models.package import ModelPackage

NONE_OF_THESE = "none_of_these"
IN_SCOPE = "in_scope"


class ClassifierHead:
    """A softmax over the labels and, where the tenant gave counter-examples, one more class: none of these.

    Where the whole text clears no threshold, its clearest piece decides: "good morning yes hello my card was stolen".
    A head may look at the last layer (384 columns) or at the last two (768). One that came with an adapter looks at
    what the adapter made of the text, and at the base's reading beside it where the package has ``tuned`` weights.

    Two thresholds: ``none_of_these`` on the label's share, ``in_scope`` on its share of what the label and none of
    these have together. The second lets two intents that resemble each other both stay in scope.
    """

    needs_embedding = True
    needs_base_too = False

    def __init__(self, package: ModelPackage) -> None:
        card = package.card
        rows = len(card.labels)
        self._labels = tuple(label for label in card.labels if label != NONE_OF_THESE)
        self._wide = columns_of(package, "weight") == 2 * DIMENSIONS
        self._weight = tensor(package, "weight", rows=rows, columns=DIMENSIONS * (2 if self._wide else 1))
        self._bias = tensor(package, "bias", rows=rows, columns=None)
        self.needs_base_too = columns_of(package, "tuned") > 0
        self._tuned = tensor(package, "tuned", rows=rows, columns=DIMENSIONS) if self.needs_base_too else None
        self._temperature = card.calibration.temperature
        self._threshold = card.thresholds.get(NONE_OF_THESE, 0.0)
        self._in_scope = card.thresholds.get(IN_SCOPE, 0.0)

    def answer(self, request: Mapping[str, Any], embedding: TextEmbedding | None) -> dict[str, Any]:
        assert embedding is not None
        probabilities = self.probabilities(embedding)
        certain = np.array([self._decision(row) is not None for row in probabilities])
        chosen = probabilities[0]
        if not certain[0] and certain.any():
            chosen = probabilities[
                int(np.argmax(np.where(certain, probabilities[:, : len(self._labels)].max(axis=1), 0)))
            ]
        return self._answer(chosen)

    def probabilities(self, embedding: TextEmbedding) -> Vectors:
        """A row for the whole text and for each of its pieces, a column for each label of the card."""
        return self._shares(self._logits(embedding))

    def _logits(self, embedding: TextEmbedding) -> Vectors:
        logits: Vectors = (embedding.wide if self._wide else embedding.pieces) @ self._weight.T + self._bias
        return logits if self._tuned is None else logits + embedding.adapted @ self._tuned.T

    def _shares(self, logits: Vectors) -> Vectors:
        logits = logits / self._temperature
        grown = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Vectors = grown / grown.sum(axis=1, keepdims=True)
        return shares

    def _decision(self, row: Vectors) -> str | None:
        best = int(np.argmax(row))
        if best >= len(self._labels) or row[best] < self._threshold:
            return None
        none = float(row[len(self._labels) :].sum())
        return self._labels[best] if row[best] >= self._in_scope * (row[best] + none) else None

    def _answer(self, row: Vectors) -> dict[str, Any]:
        label = self._decision(row)
        scores = {name: round(float(probability), 4) for name, probability in zip(self._labels, row, strict=False)}
        confidence = scores[label] if label else round(1.0 - max(scores.values()), 4)
        return {"label": label, "confidence": confidence, "scores": scores}
