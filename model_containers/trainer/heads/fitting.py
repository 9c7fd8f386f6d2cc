"""Linear heads on frozen readings, calibrated and measured by cross-validation. The same input, the same head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from model_containers.shard.base_encoder.embedding import Vectors

SEED = 11
FOLDS = 5
TOLERANCE = 1e-5
"""Fits that stop at 1e-3 lose up to two points with many phrases, and differ by chance."""
MANY_EXAMPLES = 2_000
"""From here on labels need no weights: with few phrases the counter-examples of all
tenants outnumber every intent; with many, weights cost a point on BANKING77, on balanced accuracy too."""
TEMPERATURES = np.geomspace(0.2, 5.0, 100)
"""Bounded below: examples that separate perfectly would otherwise promise certainty."""
Targets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Linear:
    """Logits are ``vectors @ weight.T + bias``; weight has shape (labels, 384)."""

    weight: Vectors
    bias: Vectors

    def logits(self, vectors: Vectors) -> Vectors:
        found: Vectors = vectors @ self.weight.T + self.bias
        return found


def fit_softmax(vectors: Vectors, targets: Targets, labels: int, strength: float) -> Linear:
    """``strength`` is scikit-learn's C: larger trusts the examples more."""
    weights = "balanced" if len(targets) < MANY_EXAMPLES else None
    model = LogisticRegression(C=strength, max_iter=1000, tol=TOLERANCE, random_state=SEED, class_weight=weights)
    model.fit(vectors, targets)
    weight, bias = np.zeros((labels, vectors.shape[1])), np.full(labels, -1e3)
    if len(model.classes_) == 2:
        weight[model.classes_] = np.concatenate([-model.coef_, model.coef_]) / 2
        bias[model.classes_] = np.array([-model.intercept_[0], model.intercept_[0]]) / 2
    else:
        weight[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    return Linear(weight.astype(np.float32), bias.astype(np.float32))


def out_of_fold(
    vectors: Vectors, targets: Targets, labels: int, strength: float, judged: npt.NDArray[np.bool_]
) -> Vectors:
    """Logits for each judged example from a head that never saw it; the others are always learned from. Shape (judged
    examples, labels)."""
    places, always = np.flatnonzero(judged), np.flatnonzero(~judged)
    folds = max(2, min(FOLDS, int(np.bincount(targets[places], minlength=labels).min())))
    logits = np.zeros((len(places), labels), dtype=np.float32)
    for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=SEED).split(places, targets[places]):
        learned = np.concatenate([places[seen], always])
        head = fit_softmax(vectors[learned], targets[learned], labels, strength)
        logits[unseen] = head.logits(vectors[places[unseen]])
    return logits


def softmax(logits: Vectors, temperature: float) -> Vectors:
    scaled = logits / temperature
    grown = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: Vectors = grown / grown.sum(axis=1, keepdims=True)
    return shares


def nll(logits: Vectors, targets: Targets, temperature: float) -> float:
    """Mean negative log-likelihood of the right labels."""
    probabilities = softmax(logits, temperature)[np.arange(len(targets)), targets]
    return float(-np.log(np.maximum(probabilities, 1e-12)).mean())


def temperature_for(logits: Vectors, targets: Targets) -> float:
    """The temperature that makes the right labels most likely (Guo et al., arXiv 1706.04599)."""
    return float(min(TEMPERATURES, key=lambda temperature: nll(logits, targets, temperature)))


def calibration_error(probabilities: Vectors, targets: Targets, bins: int = 10) -> float:
    """Expected calibration error over equal bins of confidence."""
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == targets
    places = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(float(sure[places == b].mean() - right[places == b].mean())) * float((places == b).mean())
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(gaps))


def fit_one_against_rest(vectors: Vectors, positives: npt.NDArray[np.bool_], strength: float) -> tuple[Vectors, float]:
    model = LogisticRegression(C=strength, max_iter=1000, tol=1e-3, random_state=SEED, class_weight="balanced")
    model.fit(vectors, positives)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])
