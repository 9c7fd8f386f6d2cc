"""One label out of several, or none of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from model_containers.shard.encoder import DIMENSIONS, Reading, Vectors
from model_containers.shard.heads.weights import tensor
from sotto.inference.package import ModelPackage

NONE_OF_THESE = "none_of_these"


class ClassifierHead:
    """A softmax over the labels and, where the tenant gave counter-examples, one more class: none of these.

    Where the whole text clears no threshold, its clearest piece decides: "good morning yes hello my card was stolen".
    """

    needs_reading = True

    def __init__(self, package: ModelPackage) -> None:
        card = package.card
        rows = len(card.labels)
        self._labels = tuple(label for label in card.labels if label != NONE_OF_THESE)
        self._weight = tensor(package, "weight", rows=rows, columns=DIMENSIONS)
        self._bias = tensor(package, "bias", rows=rows, columns=None)
        self._temperature = card.calibration.temperature
        self._threshold = card.thresholds.get(NONE_OF_THESE, 0.0)

    def answer(self, request: Mapping[str, Any], reading: Reading | None) -> dict[str, Any]:
        assert reading is not None
        chances = self.chances(reading.pieces)
        certain = np.array([self._decision(row) is not None for row in chances])
        chosen = chances[0]
        if not certain[0] and certain.any():
            chosen = chances[int(np.argmax(np.where(certain, chances[:, : len(self._labels)].max(axis=1), 0)))]
        return self._answer(chosen)

    def chances(self, pieces: Vectors) -> Vectors:
        logits = (pieces @ self._weight.T + self._bias) / self._temperature
        grown = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Vectors = grown / grown.sum(axis=1, keepdims=True)
        return shares

    def _decision(self, row: Vectors) -> str | None:
        best = int(np.argmax(row))
        return self._labels[best] if best < len(self._labels) and row[best] >= self._threshold else None

    def _answer(self, row: Vectors) -> dict[str, Any]:
        label = self._decision(row)
        scores = {name: round(float(chance), 4) for name, chance in zip(self._labels, row, strict=False)}
        confidence = scores[label] if label else round(1.0 - max(scores.values()), 4)
        return {"label": label, "confidence": confidence, "scores": scores}
