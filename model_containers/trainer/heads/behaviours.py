"""Training of the behaviours head: what counts as having said it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import KFold

from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.trainer.examples.tenant_files import Phrases, TenantFiles, read_phrases
from model_containers.trainer.heads.classifiers import SMALL_TALK
from model_containers.trainer.heads.fitting import FOLDS, SEED, fit_one_against_rest
from model_containers.trainer.trained import Trained

STRENGTH = 30.0
THRESHOLDS = np.linspace(0.2, 0.9, 71)
Shown = npt.NDArray[np.bool_]


def train_behaviours(files: TenantFiles, encoder: CachingEncoder) -> Trained:
    """A behaviour's counter-examples: the other behaviours, the customer's intents, small talk."""
    labels = tuple(files.behaviours)
    texts, shown = _examples(files.behaviours, _others(files))
    vectors = encoder.whole(texts)
    probabilities = _out_of_fold(vectors, shown)
    thresholds = {label: _threshold(probabilities[:, i], shown[:, i]) for i, label in enumerate(labels)}
    heads = [fit_one_against_rest(vectors, shown[:, i], STRENGTH) for i in range(len(labels))]
    weight = np.stack([weight for weight, _ in heads])
    bias = np.array([bias for _, bias in heads], dtype=np.float32)
    return Trained(
        labels=labels,
        files={WEIGHTS: packed(weight=weight, bias=bias)},
        thresholds=thresholds,
        metrics=_measured(probabilities, shown, np.array([thresholds[label] for label in labels])),
    )


def _others(files: TenantFiles) -> list[str]:
    small_talk = read_phrases(SMALL_TALK, "small_talk")
    return [text for group in (files.intents, small_talk) for texts in group.values() for text in texts]


def _examples(behaviours: Phrases, others: list[str]) -> tuple[list[str], Shown]:
    """Texts, and for each which behaviours it shows: shape (texts, behaviours)."""
    own = [(text, place) for place, texts in enumerate(behaviours.values()) for text in texts]
    shown = np.zeros((len(own) + len(others), len(behaviours)), dtype=np.bool_)
    for row, (_, place) in enumerate(own):
        shown[row, place] = True
    return [text for text, _ in own] + others, shown


def _out_of_fold(vectors: Vectors, shown: Shown) -> Vectors:
    probabilities = np.zeros(shown.shape, dtype=np.float32)
    for seen, unseen in KFold(FOLDS, shuffle=True, random_state=SEED).split(vectors):
        for label in range(shown.shape[1]):
            if shown[seen, label].any():
                weight, bias = fit_one_against_rest(vectors[seen], shown[seen, label], STRENGTH)
                probabilities[unseen, label] = 1 / (1 + np.exp(-(vectors[unseen] @ weight + bias)))
    return probabilities


def _threshold(probabilities: Vectors, shown: Shown) -> float:
    """The highest F1; the middle of the thresholds that reach it, because pieces of real speech vary more."""
    scores = np.array([_f1(probabilities >= threshold, shown) for threshold in THRESHOLDS])
    return round(float(np.median(THRESHOLDS[scores == scores.max()])), 3)


def _f1(found: Shown, shown: Shown) -> float:
    right = float((found & shown).sum())
    return 2 * right / max(1.0, float(found.sum() + shown.sum()))


def _measured(probabilities: Vectors, shown: Shown, thresholds: npt.NDArray[np.float64]) -> dict[str, float]:
    found = probabilities >= thresholds
    right = float((found & shown).sum())
    return {
        "examples": float(len(shown)),
        "precision": round(right / max(1.0, float(found.sum())), 4),
        "recall": round(right / max(1.0, float(shown.sum())), 4),
        "f1": round(_f1(found, shown), 4),
    }
