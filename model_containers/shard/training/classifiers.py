"""Training of the heads that choose one label: intents per tenant, sentiment for all."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model_containers.shard.encoder import RememberingEncoder, Vectors
from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.shard.training.fitting import (
    Targets,
    calibration_error,
    fit_softmax,
    out_of_fold,
    softmax,
    temperature_for,
)
from model_containers.shard.training.tenant_files import Phrases, read_phrases
from model_containers.shard.training.trained import Trained
from sotto.inference.package import Calibration

STRENGTH = 10.0
"""Of 3, 10, 30 and 100 none wins on every set; searching costs more than it brings."""
ENOUGH_SILENCE = 0.9
THRESHOLDS = np.linspace(0.05, 0.95, 91)
SMALL_TALK = Path(__file__).parent / "small_talk.yaml"
SENTIMENT = Path(__file__).parent / "sentiment.yaml"


def train_intents(intents: Phrases, none_of_these: tuple[str, ...], encoder: RememberingEncoder) -> Trained:
    """Counter-examples are the tenant's own and the small talk of every call; they form a class of their own."""
    small_talk = read_phrases(SMALL_TALK, "small_talk")
    counter = (*none_of_these, *(text for texts in small_talk.values() for text in texts))
    return _train({**intents, NONE_OF_THESE: counter}, encoder)


def train_sentiment(encoder: RememberingEncoder) -> Trained:
    return _train(read_phrases(SENTIMENT, "sentiment"), encoder)


def _train(phrases: Phrases, encoder: RememberingEncoder) -> Trained:
    labels = tuple(phrases)
    texts = [text for label in labels for text in phrases[label]]
    targets = np.array([place for place, label in enumerate(labels) for _ in phrases[label]])
    vectors = encoder.whole(texts)
    logits = out_of_fold(vectors, targets, len(labels), STRENGTH)
    temperature = temperature_for(logits, targets)
    chances = softmax(logits, temperature)
    none = labels.index(NONE_OF_THESE) if NONE_OF_THESE in labels else None
    threshold = 0.0 if none is None else _threshold(chances, targets, none)
    head = fit_softmax(vectors, targets, len(labels), STRENGTH)
    return Trained(
        labels=labels,
        files={WEIGHTS: packed(weight=head.weight, bias=head.bias)},
        thresholds={} if none is None else {NONE_OF_THESE: threshold},
        calibration=Calibration(temperature=temperature),
        metrics=_measured(chances, targets, none, threshold),
    )


def _threshold(chances: Vectors, targets: Targets, none: int) -> float:
    """The middle of the thresholds that answer most, among those that leave enough counter-examples alone.

    A prompt that should not be there costs an agent's attention, so silence comes first; where no threshold is silent
    enough, the best sum of both.
    """
    pairs = [_in_and_out(chances, targets, none, threshold) for threshold in THRESHOLDS]
    quiet = max(out for _, out in pairs) >= ENOUGH_SILENCE
    scores = np.array([(found if out >= ENOUGH_SILENCE else 0.0) if quiet else found + out for found, out in pairs])
    return round(float(np.median(THRESHOLDS[scores == scores.max()])), 3)


def _in_and_out(chances: Vectors, targets: Targets, none: int, threshold: float) -> tuple[float, float]:
    """Share of labelled examples answered rightly, and of counter-examples left alone."""
    chosen = np.where(chances.max(axis=1) >= threshold, chances.argmax(axis=1), none)
    outside = targets == none
    return float((chosen == targets)[~outside].mean()), float((chosen == none)[outside].mean())


def _measured(chances: Vectors, targets: Targets, none: int | None, threshold: float) -> dict[str, float]:
    figures = {
        "examples": float(len(targets)),
        "accuracy": float((chances.argmax(axis=1) == targets).mean()),
        "calibration_error": calibration_error(chances, targets),
    }
    if none is not None:
        figures["in_scope_accuracy"], figures["out_of_scope_recall"] = _in_and_out(chances, targets, none, threshold)
    return {name: round(value, 4) for name, value in figures.items()}
