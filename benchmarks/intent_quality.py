"""How well a tenant's intents are told apart: ``python -m benchmarks.intent_quality`` (about 3 minutes on two cores).

BANKING77 whole and with ten phrases an intent, CLINC150 with its out-of-scope texts, as ``sotto adapters train`` would
learn them. Only the development parts are at hand, so the splits are ours, by hash of the text, the same at every run:

    BANKING77            train.csv: a tenth is judged, which no choice was ever made on; the rest is learned from
    BANKING77, ten       ten phrases an intent out of that rest, three draws; the same tenth is judged
    CLINC150             train and oos_train are learned from; val and oos_val are judged

How a head is fitted, its temperature and its threshold come from cross-validation inside the learning part.
Reads ``SOTTO_SHARED_DATA`` or ``../shared/data``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from model_containers.shard.encoder import MiniLmEncoder, RememberingEncoder, Vectors, packaged_model
from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.shard.training.adapted import Examples, tuned_head
from model_containers.shard.training.classifiers import ENOUGH_SILENCE, best_threshold, chosen_fit, decided
from model_containers.shard.training.fitting import (
    SEED,
    Targets,
    calibration_error,
    fit_softmax,
    softmax,
    temperature_for,
)
from model_containers.shard.training.trained import silently

SILENCES, SILENCE = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95), ENOUGH_SILENCE
"""Shares of out-of-scope texts that the threshold is to leave alone, going by the learning part alone."""
Labelled = list[tuple[str, str]]
GOALS = {
    "banking77": {"accuracy": 0.945, "calibration_error": 0.03},
    "banking77, 10 phrases": {"accuracy": 0.875, "calibration_error": 0.03},
    "clinc150": {"in_scope_accuracy": 0.96, "out_of_scope_recall": 0.75, "calibration_error": 0.03},
}


@dataclass(frozen=True, slots=True)
class Part:
    """What is learned from and what is judged. Texts outside of every intent carry NONE_OF_THESE."""

    learned: Labelled
    judged: Labelled


def shared_text() -> Path:
    here = Path(__file__).resolve().parents[1]
    return Path(os.environ.get("SOTTO_SHARED_DATA", here.parent / "shared" / "data")) / "text"


def place(text: str, salt: str = "") -> int:
    """The same for a text on every machine."""
    return int(hashlib.sha256((salt + text).encode()).hexdigest()[:8], 16)


def banking77() -> Part:
    with (shared_text() / "banking77/train.csv").open(encoding="utf-8") as rows:
        labelled = [(row["text"], row["category"]) for row in csv.DictReader(rows)]
    held_out = [place(text) % 10 == 0 for text, _ in labelled]
    return Part(
        [one for one, out in zip(labelled, held_out, strict=True) if not out],
        [one for one, out in zip(labelled, held_out, strict=True) if out],
    )


def clinc150() -> Part:
    content = json.loads((shared_text() / "clinc150/data_full_train_val.json").read_text(encoding="utf-8"))
    named = {
        part: [(text, label if "oos" not in part else NONE_OF_THESE) for text, label in content[part]]
        for part in content
    }
    return Part([*named["train"], *named["oos_train"]], [*named["val"], *named["oos_val"]])


def few(part: Part, phrases: int, draw: str) -> Part:
    """``phrases`` of each label; ``draw`` names which."""
    taken: dict[str, int] = defaultdict(int)
    learned = []
    for text, label in sorted(part.learned, key=lambda one: place(one[0], f"few{draw}")):
        if taken[label] < phrases:
            taken[label] += 1
            learned.append((text, label))
    return Part(learned, part.judged)


def measured(part: Part, encoder: RememberingEncoder) -> dict[str, Any]:
    labels = sorted({label for _, label in part.learned} - {NONE_OF_THESE})
    none = len(labels) if any(label == NONE_OF_THESE for _, label in part.learned) else None
    labels += [] if none is None else [NONE_OF_THESE]
    texts, targets = [text for text, _ in part.learned], _targets(part.learned, labels)
    with threadpool_limits(1):
        best = chosen_fit(encoder, texts, targets, len(labels), silently)
        head = fit_softmax(best.fit.read(encoder, texts), targets, len(labels), best.fit.strength)
    judged = softmax(head.logits(best.fit.read(encoder, [text for text, _ in part.judged])), best.temperature)
    found: dict[str, Any] = {"layers": 2 if best.fit.wide else 1, "strength": best.fit.strength, "examples": len(texts)}
    found |= _figures(judged, _targets(part.judged, labels), none)
    if none is not None:
        unseen = softmax(best.logits, best.temperature)
        curve = {s: best_threshold(unseen, targets, none, s) for s in SILENCES}
        answers = {s: decided(judged, none, threshold) for s, threshold in curve.items()}
        found |= _scope(answers[SILENCE], _targets(part.judged, labels), none)
        found["curve"] = {str(s): _scope(one, _targets(part.judged, labels), none) for s, one in answers.items()}
    return found


def measured_tuned(part: Part, encoder: RememberingEncoder) -> dict[str, Any]:
    """LoRA on the encoder, as ``sotto adapters train --method lora`` packs them.

    Its temperature comes from a fifth of the learning part, which a first adapter did not see.
    """
    labels = sorted({label for _, label in part.learned})
    aside = [one for one in part.learned if place(one[0], "aside") % 5 == 0]
    rest = [one for one in part.learned if place(one[0], "aside") % 5]
    every = _examples(part.learned, labels)
    first, reader = tuned_head(_examples(rest, labels), encoder, packaged_model(), SEED, silently)
    unseen = first.logits(reader.vectors([text for text, _ in aside]))
    temperature = temperature_for(unseen, _targets(aside, labels))
    head, reader = tuned_head(every, encoder, packaged_model(), SEED, silently)
    logits = head.logits(reader.vectors([text for text, _ in part.judged]))
    return _figures(softmax(logits, temperature), _targets(part.judged, labels), None)


def _examples(labelled: Labelled, labels: list[str]) -> Examples:
    return Examples(tuple(text for text, _ in labelled), _targets(labelled, labels), tuple(labels))


def _targets(labelled: Labelled, labels: list[str]) -> Targets:
    places = {label: number for number, label in enumerate(labels)}
    return np.array([places[label] for _, label in labelled])


def _figures(chances: Vectors, targets: Targets, none: int | None) -> dict[str, Any]:
    """``balanced_accuracy`` gives every intent the same weight, as the published test parts do."""
    inside = targets != (-1 if none is None else none)
    truth, right = targets[inside], (chances.argmax(axis=1) == targets)[inside]
    return {
        "judged": int(inside.sum()),
        "accuracy": float(right.mean()),
        "balanced_accuracy": float(np.mean([right[truth == label].mean() for label in np.unique(truth)])),
        "calibration_error": calibration_error(chances[inside], truth),
    }


def _scope(answers: Targets, targets: Targets, none: int) -> dict[str, float]:
    outside = targets == none
    return {
        "in_scope_accuracy": float((answers == targets)[~outside].mean()),
        "out_of_scope_recall": float((answers == none)[outside].mean()),
    }


def run(*, quick: bool = False, lora: str = "") -> dict[str, Any]:
    """Figures by set. ``quick`` leaves out the whole of BANKING77 and CLINC150, which take most of the time.

    ``lora`` adds the tuned encoder: "few" (one draw of ten phrases, 4 minutes) or "all" (about 40 minutes).
    """
    encoder = RememberingEncoder(MiniLmEncoder(threads=2, pieces=False))
    banking = banking77()
    drawn = [measured(few(banking, 10, draw), encoder) for draw in "abc"]
    found = {"banking77, 10 phrases": _mean(drawn)}
    if not quick:
        found |= {"banking77": measured(banking, encoder), "clinc150": measured(clinc150(), encoder)}
    if lora:
        found["banking77, 10 phrases, LoRA"] = measured_tuned(few(banking, 10, "a"), encoder)
    if lora == "all":
        found["banking77, LoRA"] = measured_tuned(banking, encoder)
    return {name: figures | {"goals": GOALS[name.removesuffix(", LoRA")]} for name, figures in found.items()}


def _mean(drawn: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: float(np.mean([one[name] for one in drawn])) for name in drawn[0]}


def show(found: dict[str, Any]) -> None:
    table = Table("set", "figure", "found", "goal", title="Intents")
    for name, figures in found.items():
        for figure, value in figures.items():
            if isinstance(value, float):
                table.add_row(name, figure, f"{value:.4f}", str(figures["goals"].get(figure, "")))
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="ten phrases an intent only, about a minute")
    parser.add_argument("--lora", choices=["few", "all"], default="", help="also tune the encoder: 4 or 40 minutes")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args()
    found = run(quick=options.quick, lora=options.lora)
    show(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
