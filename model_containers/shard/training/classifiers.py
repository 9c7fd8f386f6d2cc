"""Training of the heads that choose one label: intents per tenant, sentiment for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model_containers.shard.heads.classifier import IN_SCOPE, NONE_OF_THESE
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.shard.reading import RememberingEncoder, Vectors
from model_containers.shard.training.examples import Examples, examples
from model_containers.shard.training.fitting import (
    Targets,
    calibration_error,
    fit_softmax,
    out_of_fold,
    softmax,
    temperature_for,
)
from model_containers.shard.training.tenant_files import Phrases, read_phrases
from model_containers.shard.training.trained import Progress, Trained, silently
from sotto.models.package import Calibration

ENOUGH_SILENCE = 0.9
THRESHOLDS = np.concatenate([np.linspace(0.05, 0.95, 91), 1 - np.geomspace(0.045, 0.001, 20)])
SMALL_TALK = Path(__file__).parent / "small_talk.yaml"
SENTIMENT = Path(__file__).parent / "sentiment.yaml"


def train_intents(
    intents: Phrases,
    none_of_these: tuple[str, ...],
    encoder: RememberingEncoder,
    progress: Progress = silently,
) -> Trained:
    return labels_from(intent_examples(intents, none_of_these), encoder, progress)


def intent_examples(intents: Phrases, none_of_these: tuple[str, ...]) -> Examples:
    """Counter-examples are the tenant's own and the small talk of every call; they form a class of their own."""
    return examples({**intents, NONE_OF_THESE: counter_examples(none_of_these)}, names=True)


def counter_examples(none_of_these: tuple[str, ...]) -> tuple[str, ...]:
    small_talk = read_phrases(SMALL_TALK, "small_talk")
    return (*none_of_these, *(text for texts in small_talk.values() for text in texts))


def train_sentiment(encoder: RememberingEncoder) -> Trained:
    return labels_from(examples(read_phrases(SENTIMENT, "sentiment")), encoder, silently)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a head is fitted: on the last layer or the last two, and how much the examples are trusted.

    With ten phrases an intent the last layer alone is better, with a hundred both (BANKING77 92.8 against 92.0): the
    layer below keeps words that the last one has blurred into meaning.
    """

    wide: bool
    strength: float

    def read(self, encoder: RememberingEncoder, texts: Sequence[str]) -> Vectors:
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
    every: Examples, encoder: RememberingEncoder, progress: Progress, silence: float = ENOUGH_SILENCE
) -> Trained:
    labels, judged = every.labels, every.targets[every.said]
    none = labels.index(NONE_OF_THESE) if NONE_OF_THESE in labels else None
    best = chosen_fit(encoder, every, progress)
    chances = softmax(best.logits, best.temperature)
    thresholds = {} if none is None else best_threshold(chances, judged, none, silence)
    head = fit_softmax(best.fit.read(encoder, every.texts), every.targets, len(labels), best.fit.strength)
    return Trained(
        labels=labels,
        files={WEIGHTS: packed(weight=head.weight, bias=head.bias)},
        thresholds=thresholds,
        calibration=Calibration(temperature=best.temperature),
        metrics=measured(chances, judged, none, thresholds) | {"layers": 2.0 if best.fit.wide else 1.0},
    )


def chosen_fit(encoder: RememberingEncoder, every: Examples, progress: Progress) -> Judged:
    """The way of fitting that is right most often on examples that the head has not seen.

    Not the one that answers most at its threshold: with a hundred counter-examples that is chance.
    """
    judged, truth = [], every.targets[every.said]
    for done, fit in enumerate(FITS):
        progress(f"trying {'two layers' if fit.wide else 'one layer'}, strength {fit.strength:g}", done / len(FITS))
        vectors = fit.read(encoder, every.texts)
        logits = out_of_fold(vectors, every.targets, len(every.labels), fit.strength, every.said)
        accuracy = float((logits.argmax(axis=1) == truth).mean())
        judged.append(Judged(fit, logits, temperature_for(logits, truth), accuracy))
    return max(judged, key=lambda one: one.accuracy)


def best_threshold(chances: Vectors, targets: Targets, none: int, silence: float = ENOUGH_SILENCE) -> dict[str, float]:
    """The kind of threshold, and its value, that answers most while ``silence`` of the counter-examples is kept."""
    found = {kind: _threshold(chances, targets, none, kind, silence) for kind in (IN_SCOPE, NONE_OF_THESE)}
    kind = max(found, key=lambda kind: found[kind][1])
    return {kind: found[kind][0]}


def _threshold(chances: Vectors, targets: Targets, none: int, kind: str, silence: float) -> tuple[float, float]:
    """The middle of the thresholds that answer most, among those that leave enough counter-examples alone, and how
    good it is.

    A prompt that should not be there costs an agent's attention, so silence comes first; where no threshold is silent
    enough, the best sum of both.
    """
    pairs = [in_and_out(chances, targets, none, {kind: threshold}) for threshold in THRESHOLDS]
    quiet = max(out for _, out in pairs) >= silence
    scores = np.array([(found if out >= silence else 0.0) if quiet else found + out for found, out in pairs])
    return round(float(np.median(THRESHOLDS[scores == scores.max()])), 4), float(scores.max())


def decided(chances: Vectors, none: int, thresholds: Mapping[str, float]) -> Targets:
    """What a head with these thresholds answers: places of labels, ``none`` included."""
    rest = np.delete(chances, none, axis=1)
    share, other = rest.max(axis=1), chances[:, none]
    silent = (share < thresholds.get(NONE_OF_THESE, 0.0)) | (share < thresholds.get(IN_SCOPE, 0.0) * (share + other))
    found: Targets = np.where(silent | (other > share), none, chances.argmax(axis=1))
    return found


def in_and_out(chances: Vectors, targets: Targets, none: int, thresholds: Mapping[str, float]) -> tuple[float, float]:
    """Share of labelled examples answered rightly, and of counter-examples left alone."""
    answers, outside = decided(chances, none, thresholds), targets == none
    return float((answers == targets)[~outside].mean()), float((answers == none)[outside].mean())


def measured(chances: Vectors, targets: Targets, none: int | None, thresholds: Mapping[str, float]) -> dict[str, float]:
    figures = {
        "examples": float(len(targets)),
        "accuracy": float((chances.argmax(axis=1) == targets).mean()),
        "calibration_error": calibration_error(chances, targets),
    }
    if none is not None:
        figures["in_scope_accuracy"], figures["out_of_scope_recall"] = in_and_out(chances, targets, none, thresholds)
    return {name: round(value, 4) for name, value in figures.items()}
