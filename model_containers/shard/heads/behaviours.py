"""What was said, by meaning: any number of behaviours in one utterance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from model_containers.shard.encoder import DIMENSIONS
from model_containers.shard.heads.weights import tensor
from model_containers.shard.reading import Reading
from sotto.models.package import ModelPackage


class BehavioursHead:
    """One sigmoid per behaviour, over the whole text and each of its pieces: the clearest place counts."""

    needs_reading = True
    reads_base_too = False

    def __init__(self, package: ModelPackage) -> None:
        card = package.card
        self._labels = card.labels
        self._weight = tensor(package, "weight", rows=len(card.labels), columns=DIMENSIONS)
        self._bias = tensor(package, "bias", rows=len(card.labels), columns=None)
        self._temperature = card.calibration.temperature
        self._thresholds = np.array([card.thresholds.get(label, 0.5) for label in card.labels])

    def answer(self, request: Mapping[str, Any], reading: Reading | None) -> dict[str, Any]:
        assert reading is not None
        logits = (reading.pieces @ self._weight.T + self._bias) / self._temperature
        chances = 1.0 / (1.0 + np.exp(-logits.max(axis=0)))
        said = [int(i) for i in np.argsort(-chances) if chances[i] >= self._thresholds[i]]
        return {"said": [{"label": self._labels[i], "confidence": round(float(chances[i]), 4)} for i in said]}
