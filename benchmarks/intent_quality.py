"""How well the frozen encoder with a linear head tells intents apart: ``python -m benchmarks.intent_quality``.

BANKING77 and CLINC150 as a tenant would give them: ten phrases an intent to learn from, the rest to be judged on. The
threshold for none of these comes from the learning part alone. Reads ``SOTTO_SHARED_DATA`` or ``../shared/data``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from model_containers.shard.encoder import MiniLmEncoder, RememberingEncoder
from model_containers.shard.training.classifiers import STRENGTH
from model_containers.shard.training.fitting import (
    SEED,
    calibration_error,
    fit_softmax,
    out_of_fold,
    softmax,
    temperature_for,
)

Labelled = list[tuple[str, str]]


def shared_text() -> Path:
    here = Path(__file__).resolve().parents[1]
    return Path(os.environ.get("SOTTO_SHARED_DATA", here.parent / "shared" / "data")) / "text"


def split(rows: Iterable[tuple[str, str]], phrases: int, judged: int) -> tuple[Labelled, Labelled]:
    """``phrases`` an intent to learn from, and ``judged`` of the others; the same at every run."""
    source, by_label = random.Random(SEED), defaultdict(list)
    for text, label in rows:
        by_label[label].append(text)
    learned, rest = [], []
    for label, texts in sorted(by_label.items()):
        source.shuffle(texts)
        learned += [(text, label) for text in texts[:phrases]]
        rest += [(text, label) for text in texts[phrases:]]
    source.shuffle(rest)
    return learned, rest[:judged]


def figures(learned: Labelled, judged: Labelled, outside: list[str], encoder: RememberingEncoder) -> dict[str, Any]:
    labels = sorted({label for _, label in learned})
    place = {label: number for number, label in enumerate(labels)}
    seen, targets = encoder.whole([t for t, _ in learned]), np.array([place[label] for _, label in learned])
    with threadpool_limits(1):
        logits = out_of_fold(seen, targets, len(labels), STRENGTH)
        temperature = temperature_for(logits, targets)
        head = fit_softmax(seen, targets, len(labels), STRENGTH)
    threshold = float(np.quantile(softmax(logits, temperature).max(axis=1), 0.1))
    chances = softmax(head.logits(encoder.whole([t for t, _ in judged])), temperature)
    truth = np.array([place[label] for _, label in judged])
    right, sure = chances.argmax(axis=1) == truth, chances.max(axis=1) >= threshold
    found: dict[str, Any] = {
        "intents": len(labels),
        "judged": len(judged),
        "accuracy": round(float(right.mean()), 4),
        "calibration_error": round(calibration_error(chances, truth), 4),
    }
    if outside:
        foreign = softmax(head.logits(encoder.whole(outside)), temperature).max(axis=1)
        found["in_scope_accuracy_with_threshold"] = round(float((right & sure).mean()), 4)
        found["out_of_scope_recall"] = round(float((foreign < threshold).mean()), 4)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phrases", type=int, default=10)
    parser.add_argument("--judged", type=int, default=1000)
    options = parser.parse_args()
    encoder = RememberingEncoder(MiniLmEncoder())
    with (shared_text() / "banking77/train.csv").open(encoding="utf-8") as rows:
        banking = [(row["text"], row["category"]) for row in csv.DictReader(rows)]
    print("banking77", json.dumps(figures(*split(banking, options.phrases, options.judged), [], encoder)), flush=True)
    clinc = json.loads((shared_text() / "clinc150/data_full_train_val.json").read_text(encoding="utf-8"))
    outside = [text for text, _ in clinc["oos_val"]]
    parts = split(((text, label) for text, label in clinc["train"]), options.phrases, options.judged)
    print("clinc150", json.dumps(figures(*parts, outside, encoder)), flush=True)


if __name__ == "__main__":
    main()
