"""One tenant's intents: a head on the frozen encoder, or one that looks at a tuned encoder beside it, whichever wins on
validation examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.shard.base_encoder.minilm import packaged_model
from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.trainer.examples.labelled import Examples
from model_containers.trainer.examples.tenant_files import Phrases
from model_containers.trainer.heads.classifiers import (
    DEFAULT_OOD_RECALL,
    Fit,
    best_threshold,
    chosen_fit,
    intent_examples,
    labels_from,
    measured,
)
from model_containers.trainer.heads.fitting import (
    Linear,
    Targets,
    fit_softmax,
    nll,
    softmax,
    temperature_for,
)
from model_containers.trainer.lora.tuned_encoder import COSINE_SCALE, TunedEncoder, TuningPlan, plan_for
from model_containers.trainer.trained import Progress, Trained, part_of, silently
from sotto.models.package import Calibration

Method = Literal["auto", "head", "lora"]
VALIDATION_EVERY = 5
"""One example in so many is for validation: the two ways are judged by it."""
WORTH_A_PASS = 0.02
"""An adapter costs every utterance a pass of its own (about 10 ms), so it has to take away this share of the negative
log-likelihood. Right answers show a gain of a point and a half in four trials of five only, with 160 validation
examples (0261)."""
SHARES = (0.3, 0.5, 0.7)
"""Of the tuned encoder's word beside the frozen one's. The two err on different examples: never all of either."""
FITTING, FIRST = 0.1, 0.45
"""Where in the whole the fits of the frozen head end, and how much the first adapter takes; the last takes as much."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A head on the frozen encoder and one on a tuned encoder, fitted to the same examples."""

    fit: Fit
    frozen: Linear
    marks: Linear
    tuned: TunedEncoder

    def logits(self, encoder: CachingEncoder, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Of the frozen, and of the tuned."""
        return self.frozen.logits(self.fit.features(encoder, texts)), self.marks.logits(self.tuned.vectors(texts))


def train_adapted(
    intents: Phrases,
    none_of_these: tuple[str, ...],
    encoder: CachingEncoder,
    *,
    method: Method = "auto",
    seed: int = 11,
    ood_recall: float = DEFAULT_OOD_RECALL,
    directory: Path | None = None,
    progress: Progress = silently,
) -> Trained:
    """``ood_recall``: the share of what is none of these that is to be left alone, at least. ``metrics`` keep what each
    was right on of the validation examples: ``head_accuracy``, ``lora_accuracy`` alone, ``both_accuracy``; and
    ``nll_saved``, by which it was chosen."""
    every, folder = intent_examples(intents, none_of_these), directory or packaged_model()
    if method == "head":
        return labels_from(every, encoder, progress, ood_recall)
    encoder.encode(every.texts)  # in the batches in which a head alone reads them: the same to the last digit
    validation, rest = _parted(every, seed)
    fit = chosen_fit(encoder, rest, part_of(progress, 0.0, FITTING)).fit
    plan = plan_for(len(every.texts), len(every.labels), seed)
    first = paired(rest, fit, encoder, folder, plan, part_of(progress, FITTING, FITTING + FIRST))
    by_head, by_lora = first.logits(encoder, validation.texts)
    share = best_share(by_head, by_lora, validation.targets)
    by_both = mixed(by_head, by_lora, share)
    found = {
        "head_accuracy": _right(by_head, validation),
        "lora_accuracy": _right(by_lora, validation),
        "both_accuracy": _right(by_both, validation),
        "nll_saved": round(_saved(by_both, by_head, validation.targets), 4),
    }
    if method == "auto" and found["nll_saved"] < WORTH_A_PASS:
        trained = labels_from(every, encoder, part_of(progress, FITTING + FIRST, 1.0), ood_recall)
        return replace(trained, metrics={**trained.metrics, **found})
    final = paired(every, fit, encoder, folder, plan, part_of(progress, FITTING + FIRST, 1.0))
    found["lora_share"] = share
    return _packed(final, share, by_both, validation, encoder.revision, found, ood_recall)


def _parted(every: Examples, seed: int) -> tuple[Examples, Examples]:
    """Validation examples, and those to learn from. Of each label the same share, at least one; of one alone none."""
    source = np.random.default_rng(seed)
    validation: list[int] = []
    for label in range(len(every.labels)):
        places = source.permutation(np.flatnonzero((every.targets == label) & every.is_utterance))
        validation += [int(i) for i in places[: max(1, len(places) // VALIDATION_EVERY) if len(places) > 1 else 0]]
    kept = set(validation)
    return every.only(sorted(kept)), every.only([i for i in range(len(every.texts)) if i not in kept])


def paired(
    learned: Examples, fit: Fit, encoder: CachingEncoder, folder: Path, plan: TuningPlan, progress: Progress
) -> Pair:
    frozen = frozen_head(learned, fit, encoder)
    tuned = TunedEncoder(folder, plan)
    start = _prototypes(encoder.whole(learned.texts), learned)
    marks = COSINE_SCALE * tuned.train(learned.texts, learned.targets, start, progress)
    return Pair(fit, frozen, Linear(marks, np.zeros(len(marks), dtype=np.float32)), tuned)


def frozen_head(learned: Examples, fit: Fit, encoder: CachingEncoder) -> Linear:
    return fit_softmax(fit.features(encoder, learned.texts), learned.targets, len(learned.labels), fit.strength)


def _prototypes(vectors: Vectors, learned: Examples) -> Vectors:
    means = [vectors[learned.targets == label].mean(axis=0) for label in range(len(learned.labels))]
    found = np.stack(means)
    unit: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return unit


def mixed(by_head: Vectors, by_lora: Vectors, share: float) -> Vectors:
    """A weighted sum of logits is a weighted product of probabilities: both have to find a label likely."""
    both: Vectors = (1 - share) * by_head + share * by_lora
    return both


def best_share(by_head: Vectors, by_lora: Vectors, targets: Targets) -> float:
    """By likelihood at its own temperature: right answers alone are few and would choose by chance."""

    def left(share: float) -> float:
        logits = mixed(by_head, by_lora, share)
        return nll(logits, targets, temperature_for(logits, targets))

    return min(SHARES, key=left)


def _saved(one: Vectors, other: Vectors, targets: Targets) -> float:
    """The share of the other's negative log-likelihood that the first does without, each at its own temperature."""
    first, second = (nll(logits, targets, temperature_for(logits, targets)) for logits in (one, other))
    return 1 - first / second


def _right(logits: Vectors, validation: Examples) -> float:
    return round(float((logits.argmax(axis=1) == validation.targets).mean()), 4)


def _packed(
    pair: Pair,
    share: float,
    unseen: Vectors,
    validation: Examples,
    revision: str,
    found: dict[str, float],
    ood_recall: float,
) -> Trained:
    """Temperature and threshold come from the validation examples, which the first pair never saw."""
    temperature = temperature_for(unseen, validation.targets)
    probabilities, none = softmax(unseen, temperature), validation.labels.index(NONE_OF_THESE)
    thresholds = best_threshold(probabilities, validation.targets, none, ood_recall)
    weights = packed(
        weight=(1 - share) * pair.frozen.weight, bias=(1 - share) * pair.frozen.bias, tuned=share * pair.marks.weight
    )
    return Trained(
        labels=validation.labels,
        files={WEIGHTS: weights, **pair.tuned.files(revision)},
        thresholds=thresholds,
        calibration=Calibration(temperature=temperature),
        metrics={**measured(probabilities, validation.targets, none, thresholds), **found},
        gates={"out_of_scope_recall": ood_recall, "nll_saved": WORTH_A_PASS},
    )
