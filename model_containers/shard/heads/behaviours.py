"""What was said, by meaning: any number of behaviours in one utterance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.base_encoder.minilm import DIMENSIONS
from model_containers.shard.heads.weights import tensor
from sotto.models.package import ModelPackage


class BehavioursHead:
    """One sigmoid per behaviour, over the whole text and each of its pieces: the clearest place counts."""

    needs_embedding = True
    needs_base_too = False

    def __init__(self, package: ModelPackage) -> None:
        card = package.card
        self._labels = card.labels
        self._weight = tensor(package, "weight", rows=len(card.labels), columns=DIMENSIONS)
        self._bias = tensor(package, "bias", rows=len(card.labels), columns=None)
        self._temperature = card.calibration.temperature
        self._thresholds = np.array([card.thresholds.get(label, 0.5) for label in card.labels])

    def answer(self, request: Mapping[str, Any], embedding: TextEmbedding | None) -> dict[str, Any]:
        assert embedding is not None
        logits = (embedding.pieces @ self._weight.T + self._bias) / self._temperature
        probabilities = 1.0 / (1.0 + np.exp(-logits.max(axis=0)))
        shown = [int(i) for i in np.argsort(-probabilities) if probabilities[i] >= self._thresholds[i]]
        found = [{"label": self._labels[i], "confidence": round(float(probabilities[i]), 4)} for i in shown]
        # Models are deployed before the functions, and those of an earlier release read the other name.
        return {"behaviours": found, "said": found}
