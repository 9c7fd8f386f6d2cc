"""One tenant's intents: a head on the frozen encoder, or LoRA on the encoder, whichever wins on examples kept aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from model_containers.shard.encoder import RememberingEncoder, Vectors, packaged_model
from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.shard.training.classifiers import (
    best_threshold,
    chosen_fit,
    counter_examples,
    labels_from,
    measured,
)
from model_containers.shard.training.fitting import Linear, Targets, fit_softmax, softmax, temperature_for
from model_containers.shard.training.lora import COSINE_SCALE, TunedEncoder, plan_for
from model_containers.shard.training.tenant_files import Phrases
from model_containers.shard.training.trained import Progress, Trained, silently
from sotto.inference.package import Calibration

Method = Literal["auto", "head", "lora"]
KEPT_ASIDE = 5
"""One example in so many is kept aside to judge by."""
WORTH_A_PASS = 0.005
"""An adapter costs every utterance a pass of its own (about 10 ms), so it has to win by this share of right answers."""


@dataclass(frozen=True, slots=True)
class Examples:
    texts: tuple[str, ...]
    targets: Targets
    labels: tuple[str, ...]

    def only(self, places: Sequence[int]) -> Examples:
        return replace(self, texts=tuple(self.texts[i] for i in places), targets=self.targets[np.array(places)])


def train_adapted(
    intents: Phrases,
    none_of_these: tuple[str, ...],
    encoder: RememberingEncoder,
    *,
    method: Method = "auto",
    seed: int = 11,
    directory: Path | None = None,
    progress: Progress = silently,
) -> Trained:
    """``metrics`` of both ways are kept: ``head_accuracy`` and ``lora_accuracy`` on the examples kept aside."""
    if method == "head":
        return labels_from({**intents, NONE_OF_THESE: counter_examples(none_of_these)}, encoder, progress)
    phrases = {**intents, NONE_OF_THESE: counter_examples(none_of_these)}
    every = _examples(phrases)
    aside, rest = _parted(every, seed)
    fit = chosen_fit(encoder, rest.texts, rest.targets, len(every.labels), progress).fit
    folder = directory or packaged_model()
    head, tuned = tuned_head(rest, encoder, folder, seed, progress)
    frozen = fit_softmax(fit.read(encoder, rest.texts), rest.targets, len(every.labels), fit.strength)
    by_head = frozen.logits(fit.read(encoder, aside.texts))
    by_lora = head.logits(tuned.vectors(aside.texts))
    found = {"head_accuracy": _right(by_head, aside), "lora_accuracy": _right(by_lora, aside)}
    if method == "auto" and found["lora_accuracy"] - found["head_accuracy"] < WORTH_A_PASS:
        trained = labels_from(phrases, encoder, progress)
        return replace(trained, metrics={**trained.metrics, **found})
    final, tuned = tuned_head(every, encoder, folder, seed, progress)
    return _packed(final, tuned, by_lora, aside, every.labels, encoder.revision, found)


def _examples(phrases: Phrases) -> Examples:
    labels = tuple(phrases)
    texts = tuple(text for label in labels for text in phrases[label])
    return Examples(texts, np.array([place for place, label in enumerate(labels) for _ in phrases[label]]), labels)


def _parted(every: Examples, seed: int) -> tuple[Examples, Examples]:
    """Of each label the same share is kept aside, at least one; a label with a single example keeps none."""
    source = np.random.default_rng(seed)
    aside: list[int] = []
    for label in range(len(every.labels)):
        places = source.permutation(np.flatnonzero(every.targets == label))
        aside += [int(i) for i in places[: max(1, len(places) // KEPT_ASIDE) if len(places) > 1 else 0]]
    kept = set(aside)
    return every.only(sorted(kept)), every.only([i for i in range(len(every.texts)) if i not in kept])


def tuned_head(
    learned: Examples, encoder: RememberingEncoder, folder: Path, seed: int, progress: Progress
) -> tuple[Linear, TunedEncoder]:
    """A head over what the tuned encoder reads, and that encoder."""
    tuned = TunedEncoder(folder, plan_for(len(learned.texts), seed))
    start = _prototypes(encoder.whole(learned.texts), learned)
    marks = tuned.train(learned.texts, learned.targets, start, progress)
    return Linear(COSINE_SCALE * marks, np.zeros(len(marks), dtype=np.float32)), tuned


def _prototypes(vectors: Vectors, learned: Examples) -> Vectors:
    means = [vectors[learned.targets == label].mean(axis=0) for label in range(len(learned.labels))]
    found = np.stack(means)
    unit: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _right(logits: Vectors, aside: Examples) -> float:
    return round(float((logits.argmax(axis=1) == aside.targets).mean()), 4)


def _packed(
    head: Linear,
    tuned: TunedEncoder,
    unseen: Vectors,
    aside: Examples,
    labels: tuple[str, ...],
    revision: str,
    found: dict[str, float],
) -> Trained:
    """Temperature and threshold come from the examples kept aside, which the first adapter never saw."""
    temperature = temperature_for(unseen, aside.targets)
    chances, none = softmax(unseen, temperature), labels.index(NONE_OF_THESE)
    thresholds = best_threshold(chances, aside.targets, none)
    return Trained(
        labels=labels,
        files={WEIGHTS: packed(weight=head.weight, bias=head.bias), **tuned.files(revision)},
        thresholds=thresholds,
        calibration=Calibration(temperature=temperature),
        metrics={**measured(chances, aside.targets, none, thresholds), **found},
    )
