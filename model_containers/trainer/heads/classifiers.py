"""Training of the heads that choose one label: intents per tenant, sentiment for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.shard.heads.classifier import IN_SCOPE, NONE_OF_THESE
from model_containers.shard.heads.lexicon import COLUMNS, feelings
from model_containers.shard.heads.sentiment import LEXICON
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.trainer.examples.labelled import Examples, examples
from model_containers.trainer.examples.tenant_files import Phrases, read_phrases
from model_containers.trainer.heads.fitting import (
    Targets,
    calibration_error,
    fit_softmax,
    out_of_fold,
    softmax,
    temperature_for,
)
from model_containers.trainer.trained import Progress, Trained, silently
from sotto.models.package import Calibration

DEFAULT_OOD_RECALL = 0.9
EXAMPLES = Path(__file__).parents[1] / "examples"
"""What ships with the trainer, for every tenant."""
THRESHOLDS = np.concatenate([np.linspace(0.05, 0.95, 91), 1 - np.geomspace(0.045, 0.001, 20)])
SMALL_TALK = EXAMPLES / "small_talk.yaml"
SENTIMENT = EXAMPLES / "sentiment.yaml"
SENTIMENT_STRENGTH = 1.0
"""A few hundred phrases of contact centres shall say how much the lexicon weighs, and no more: trusted ten times as
much, the head is two points worse on talk of another kind (docs/quality.md)."""


def train_intents(
    intents: Phrases,
    none_of_these: tuple[str, ...],
    encoder: CachingEncoder,
    progress: Progress = silently,
) -> Trained:
    return labels_from(intent_examples(intents, none_of_these), encoder, progress)


def intent_examples(intents: Phrases, none_of_these: tuple[str, ...]) -> Examples:
    """Counter-examples are the tenant's own and the small talk of every call; they form a class of their own."""
    return examples({**intents, NONE_OF_THESE: counter_examples(none_of_these)}, names=True)


def counter_examples(none_of_these: tuple[str, ...]) -> tuple[str, ...]:
    small_talk = read_phrases(SMALL_TALK, "small_talk")
    return (*none_of_these, *(text for texts in small_talk.values() for text in texts))


def train_sentiment(encoder: CachingEncoder) -> Trained:
    return sentiment_from(examples(read_phrases(SENTIMENT, "sentiment")), encoder)


def sentiment_from(every: Examples, encoder: CachingEncoder) -> Trained:
    """On the encoder's reading and the lexicon's four figures side by side."""
    vectors = np.hstack([encoder.whole(every.texts), feelings(every.texts)])
    truth = every.targets[every.is_utterance]
    logits = out_of_fold(vectors, every.targets, len(every.labels), SENTIMENT_STRENGTH, every.is_utterance)
    temperature = temperature_for(logits, truth)
    head = fit_softmax(vectors, every.targets, len(every.labels), SENTIMENT_STRENGTH)
    reading = vectors.shape[1] - len(COLUMNS)
    weights = {"weight": head.weight[:, :reading], LEXICON: head.weight[:, reading:], "bias": head.bias}
    return Trained(
        labels=every.labels,
        files={WEIGHTS: packed(**weights)},
        calibration=Calibration(temperature=temperature),
        metrics=measured(softmax(logits, temperature), truth, None, {}),
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """How a head is fitted: on the last layer or the last two, and how much the examples are trusted.

    With ten phrases an intent the last layer alone is better, with a hundred both (BANKING77 92.8 against 92.0): the
    layer below keeps words that the last one has blurred into meaning.
    """

    wide: bool
    strength: float

    def features(self, encoder: CachingEncoder, texts: Sequence[str]) -> Vectors:
        return encoder.wide(texts) if self.wide else encoder.whole(texts)


FITS = tuple(Fit(wide, strength) for wide in (False, True) for strength in (10.0, 30.0))


@dataclass(frozen=True, slots=True)
class Judged:
    """A way of fitting, and what heads fitted so say of examples that they never saw."""

    fit: Fit
    logits: Vectors
    temperature: float
    accuracy: float


def labels_from(
    every: Examples, encoder: CachingEncoder, progress: Progress, ood_recall: float = DEFAULT_OOD_RECALL
) -> Trained:
    labels, judged = every.labels, every.targets[every.is_utterance]
    none = labels.index(NONE_OF_THESE) if NONE_OF_THESE in labels else None
    best = chosen_fit(encoder, every, progress)
    probabilities = softmax(best.logits, best.temperature)
    thresholds = {} if none is None else best_threshold(probabilities, judged, none, ood_recall)
    head = fit_softmax(best.fit.features(encoder, every.texts), every.targets, len(labels), best.fit.strength)
    return Trained(
        labels=labels,
        files={WEIGHTS: packed(weight=head.weight, bias=head.bias)},
        thresholds=thresholds,
        calibration=Calibration(temperature=best.temperature),
        metrics=measured(probabilities, judged, none, thresholds) | {"layers": 2.0 if best.fit.wide else 1.0},
        gates={} if none is None else {"out_of_scope_recall": ood_recall},
    )


def chosen_fit(encoder: CachingEncoder, every: Examples, progress: Progress) -> Judged:
    """The way of fitting that is right most often on examples that the head has not seen.

    Not the one that answers most at its threshold: with a hundred counter-examples that is chance.
    """
    judged, truth = [], every.targets[every.is_utterance]
    for done, fit in enumerate(FITS):
        progress(f"trying {'two layers' if fit.wide else 'one layer'}, strength {fit.strength:g}", done / len(FITS))
        vectors = fit.features(encoder, every.texts)
        logits = out_of_fold(vectors, every.targets, len(every.labels), fit.strength, every.is_utterance)
        accuracy = float((logits.argmax(axis=1) == truth).mean())
        judged.append(Judged(fit, logits, temperature_for(logits, truth), accuracy))
    return max(judged, key=lambda one: one.accuracy)


def best_threshold(
    probabilities: Vectors, targets: Targets, none: int, ood_recall: float = DEFAULT_OOD_RECALL
) -> dict[str, float]:
    """The kind of threshold, and its value, that answers most while ``ood_recall`` of the counter-examples is kept."""
    found = {kind: _threshold(probabilities, targets, none, kind, ood_recall) for kind in (IN_SCOPE, NONE_OF_THESE)}
    kind = max(found, key=lambda kind: found[kind][1])
    return {kind: found[kind][0]}


def _threshold(
    probabilities: Vectors, targets: Targets, none: int, kind: str, ood_recall: float
) -> tuple[float, float]:
    """The middle of the thresholds that answer most, among those that leave enough counter-examples alone, and how
    good it is.

    A prompt that should not be there costs an agent's attention, so recall of what is out of scope comes first; where
    no threshold has enough of it, the best sum of both.
    """
    pairs = [in_and_out(probabilities, targets, none, {kind: threshold}) for threshold in THRESHOLDS]
    quiet = max(out for _, out in pairs) >= ood_recall
    scores = np.array([(found if out >= ood_recall else 0.0) if quiet else found + out for found, out in pairs])
    return round(float(np.median(THRESHOLDS[scores == scores.max()])), 4), float(scores.max())


def decided(probabilities: Vectors, none: int, thresholds: Mapping[str, float]) -> Targets:
    """What a head with these thresholds answers: places of labels, ``none`` included."""
    rest = np.delete(probabilities, none, axis=1)
    share, other = rest.max(axis=1), probabilities[:, none]
    silent = (share < thresholds.get(NONE_OF_THESE, 0.0)) | (share < thresholds.get(IN_SCOPE, 0.0) * (share + other))
    found: Targets = np.where(silent | (other > share), none, probabilities.argmax(axis=1))
    return found


def in_and_out(
    probabilities: Vectors, targets: Targets, none: int, thresholds: Mapping[str, float]
) -> tuple[float, float]:
    """Share of labelled examples answered rightly, and of counter-examples left alone."""
    answers, outside = decided(probabilities, none, thresholds), targets == none
    return float((answers == targets)[~outside].mean()), float((answers == none)[outside].mean())


def measured(
    probabilities: Vectors, targets: Targets, none: int | None, thresholds: Mapping[str, float]
) -> dict[str, float]:
    figures = {
        "examples": float(len(targets)),
        "accuracy": float((probabilities.argmax(axis=1) == targets).mean()),
        "calibration_error": calibration_error(probabilities, targets),
    }
    if none is not None:
        figures["in_scope_accuracy"], figures["out_of_scope_recall"] = in_and_out(
            probabilities, targets, none, thresholds
        )
    return {name: round(value, 4) for name, value in figures.items()}
