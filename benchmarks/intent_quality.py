"""How well a tenant's intents are distinguished: ``python -m benchmarks.intent_quality``.

Each figure is of a package that ``sotto adapters train`` would write from the learning part, opened and asked as the
shard does: adapter, head, temperature, threshold. Only the development parts are at hand, so the splits are ours, by
hash of the text, the same at every run:

    BANKING77            train.csv: a tenth is judged, which no choice was ever made on; the rest is learned from
    BANKING77, few       so many phrases an intent out of that rest, some draws; the same tenth is judged
    CLINC150             train and oos_train are learned from; val and oos_val are judged

How a package is fitted, its temperature and its threshold come from inside the learning part. To choose
by, ``--validation`` judges a quarter of the learning part, learns from the rest of it and leaves the judged part
alone.
What was measured is written after every draw, so a run that is stopped keeps it.
Reads ``SOTTO_SHARED_DATA`` or ``../shared/data``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from local.interruption import ended_in_order
from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.shard.base_encoder.minilm import BASE_MODEL, MiniLmEncoder
from model_containers.shard.heads.classifier import NONE_OF_THESE, ClassifierHead
from model_containers.shard.lora.gathered import AdapterPlacement
from model_containers.shard.lora.peft_format import WEIGHTS as ADAPTER
from model_containers.shard.lora.peft_format import aligned, read_adapter
from model_containers.trainer.adapted import Method, train_adapted
from model_containers.trainer.heads.classifiers import DEFAULT_OOD_RECALL, decided
from model_containers.trainer.heads.fitting import Targets, calibration_error
from model_containers.trainer.trained import Trained
from sotto.models.package import ModelCard, ModelPackage, open_package, write_package

CURVE = tuple(f"few {phrases}" for phrases in (1, 3, 5, 10, 30))
SETS = ("few 10", "banking77", "clinc150", *CURVE)
AT_ONCE = 64
VALIDATION_EVERY = 4
"""One text of the learning part in so many is for validation: to compare ways of training on."""
Labelled = list[tuple[str, str]]
GOALS = {
    "banking77": {"accuracy": 0.945, "calibration_error": 0.03},
    "few 10": {"accuracy": 0.875, "calibration_error": 0.03},
    "clinc150": {"in_scope_accuracy": 0.96, "out_of_scope_recall": 0.75, "calibration_error": 0.03},
}
OOD_RECALL = {"clinc150": 0.8}
"""As the goal trades the one for the other: three quarters are to be left alone, and a margin on validation texts."""


@dataclass(frozen=True, slots=True)
class Split:
    """What is learned from and what is judged. Texts outside of every intent carry NONE_OF_THESE."""

    learned: Labelled
    judged: Labelled


def shared_text() -> Path:
    here = Path(__file__).resolve().parents[1]
    return Path(os.environ.get("SOTTO_SHARED_DATA", here.parent / "shared" / "data")) / "text"


def place(text: str, salt: str = "") -> int:
    """The same for a text on every machine."""
    return int(hashlib.sha256((salt + text).encode()).hexdigest()[:8], 16)


def banking77() -> Split:
    with (shared_text() / "banking77/train.csv").open(encoding="utf-8") as rows:
        labelled = [(row["text"], row["category"]) for row in csv.DictReader(rows)]
    held_out = [place(text) % 10 == 0 for text, _ in labelled]
    return Split(
        [one for one, out in zip(labelled, held_out, strict=True) if not out],
        [one for one, out in zip(labelled, held_out, strict=True) if out],
    )


def clinc150() -> Split:
    content = json.loads((shared_text() / "clinc150/data_full_train_val.json").read_text(encoding="utf-8"))
    named = {
        part: [(text, label if "oos" not in part else NONE_OF_THESE) for text, label in content[part]]
        for part in content
    }
    return Split([*named["train"], *named["oos_train"]], [*named["val"], *named["oos_val"]])


def validation_part(part: Split) -> Split:
    """The learning part in two, to choose by; nothing of the judged part."""
    validation = [place(text, "choose") % VALIDATION_EVERY == 0 for text, _ in part.learned]
    return Split(
        [one for one, out in zip(part.learned, validation, strict=True) if not out],
        [one for one, out in zip(part.learned, validation, strict=True) if out],
    )


def by_label(labelled: Labelled) -> dict[str, tuple[str, ...]]:
    """Labels in alphabetical order, as a tenant's file might have them."""
    phrases: dict[str, tuple[str, ...]] = {}
    for text, label in sorted(labelled, key=lambda one: one[1]):
        phrases[label] = (*phrases.get(label, ()), text)
    return phrases


def few(part: Split, phrases: int, draw: str) -> Split:
    """``phrases`` of each label; ``draw`` names which."""
    taken: dict[str, int] = defaultdict(int)
    learned = []
    for text, label in sorted(part.learned, key=lambda one: place(one[0], f"few{draw}")):
        if taken[label] < phrases:
            taken[label] += 1
            learned.append((text, label))
    return Split(learned, part.judged)


def measured(
    part: Split,
    encoder: CachingEncoder,
    reader: MiniLmEncoder,
    method: Method,
    ood_recall: float = DEFAULT_OOD_RECALL,
) -> dict[str, Any]:
    """``seconds`` is how long training took, on this machine and beside whatever else ran on it."""
    phrases = by_label(part.learned)
    outside = phrases.pop(NONE_OF_THESE, ())
    started = time.perf_counter()
    with threadpool_limits(1):
        trained = train_adapted(phrases, outside, encoder, method=method, ood_recall=ood_recall)
    took = time.perf_counter() - started
    probabilities, thresholds, labels = asked(trained, [text for text, _ in part.judged], reader)
    targets, none = np.array([labels.index(label) for _, label in part.judged]), labels.index(NONE_OF_THESE)
    found: dict[str, Any] = {"seconds": round(took), "lora": float(ADAPTER in trained.files)}
    found |= _figures(probabilities, targets, none)
    answers = decided(probabilities, none, thresholds)
    found["in_scope_accuracy"] = float((answers == targets)[targets != none].mean())
    if outside:
        found["out_of_scope_recall"] = float((answers == none)[targets == none].mean())
    return found


def asked(
    trained: Trained, texts: Sequence[str], reader: MiniLmEncoder
) -> tuple[Vectors, Mapping[str, float], tuple[str, ...]]:
    """Through a package on disk: chances of each text by label, the thresholds, the labels."""
    card = ModelCard(
        task="intent",
        tenant="bench",
        model="intent",
        version="1",
        base_model=BASE_MODEL,
        base_revision=reader.revision,
        labels=trained.labels,
        thresholds=trained.thresholds,
        calibration=trained.calibration,
    )
    with tempfile.TemporaryDirectory() as folder:
        package = open_package(write_package(card, trained.files, Path(folder)), Path(folder) / "open")
        head = ClassifierHead(package)
        adapter = _placed(package, reader) if head.needs_base_too else None
    rows = []
    for start in range(0, len(texts), AT_ONCE):
        some = texts[start : start + AT_ONCE]
        embeddings = reader.encode(some)
        if adapter is not None:
            both = zip(embeddings, reader.encode(some, [adapter] * len(some)), strict=True)
            embeddings = [base.beside(adapted) for base, adapted in both]
        rows += [head.probabilities(embedding)[0] for embedding in embeddings]
    if adapter is not None and reader.pools is not None:
        reader.pools.release(adapter)
    return np.stack(rows), trained.thresholds, trained.labels


def _placed(package: ModelPackage, reader: MiniLmEncoder) -> AdapterPlacement:
    pools = reader.pools or reader.take_adapters(rank_rows=64)
    weights = aligned(read_adapter(package.directory, dtype=pools.dtype), pools.targets, ("model",))
    placement = pools.reserve(weights.rank)
    pools.write(placement, weights)
    return placement


def _figures(probabilities: Vectors, targets: Targets, none: int) -> dict[str, Any]:
    """Of texts in scope, without a threshold. ``balanced_accuracy`` gives every intent the same weight, as the
    published test parts do."""
    inside = targets != none
    truth, right = targets[inside], (probabilities.argmax(axis=1) == targets)[inside]
    return {
        "judged": int(inside.sum()),
        "accuracy": float(right.mean()),
        "balanced_accuracy": float(np.mean([right[truth == label].mean() for label in np.unique(truth)])),
        "calibration_error": calibration_error(probabilities[inside], truth),
    }


def run(
    sets: Sequence[str],
    *,
    method: Method = "auto",
    draws: str = "abc",
    choosing: bool = False,
    keep: Callable[[dict[str, Any]], None] = lambda found: None,
) -> dict[str, Any]:
    """Figures by set; of phrases by number, the mean of the draws. ``keep`` gets all that is known after each draw;
    ``choosing`` judges on validation texts out of the learning part."""
    encoder = CachingEncoder(MiniLmEncoder(threads=1, pieces=False))
    reader = MiniLmEncoder(threads=1, pieces=False)
    found: dict[str, Any] = {}
    for name in sets:
        each: list[dict[str, Any]] = []
        for draw, part in _parts(name, draws, choosing):
            each.append(measured(part, encoder, reader, method, OOD_RECALL.get(name, DEFAULT_OOD_RECALL)))
            found[name] = _mean(each) | {"drawn": len(each), "goals": GOALS.get(name, {})}
            Console(stderr=True).print(f"{name}{draw}: accuracy {each[-1]['accuracy']:.4f}")
            keep(found)
    return found


def _parts(name: str, draws: str, choosing: bool) -> list[tuple[str, Split]]:
    """Each with the letter of its draw, where there are draws."""
    whole = clinc150() if name == "clinc150" else banking77()
    part = validation_part(whole) if choosing else whole
    if name in {"clinc150", "banking77"}:
        return [("", part)]
    return [(f", draw {draw}", few(part, int(name.split()[1]), draw)) for draw in draws]


def _mean(drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """With ``spread``, half of what lies between the best and the worst draw."""
    means = {name: float(np.mean([one[name] for one in drawn])) for name in drawn[0]}
    accuracies = [one["accuracy"] for one in drawn]
    return means | ({"spread": (max(accuracies) - min(accuracies)) / 2} if len(drawn) > 1 else {})


def show(found: dict[str, Any]) -> None:
    table = Table("set", "figure", "found", "goal", title="Intents")
    for name, figures in found.items():
        for figure, value in figures.items():
            if isinstance(value, float):
                table.add_row(name, figure, f"{value:.4f}", str(figures["goals"].get(figure, "")))
    Console().print(table)


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=[*SETS[:3]], help="default: those with a goal")
    parser.add_argument("--curve", action="store_true", help="1, 3, 5, 10 and 30 phrases an intent instead")
    parser.add_argument("--method", choices=["auto", "head", "lora"], default="auto")
    parser.add_argument("--draws", default="abc", help="a letter for each draw of few phrases")
    parser.add_argument("--validation", action="store_true", help="judge on a part of the learning part, to choose by")
    parser.add_argument("--json", type=Path, help="write the figures here as well, after every draw")
    options = parser.parse_args()

    def keep(found: dict[str, Any]) -> None:
        if options.json:
            options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")

    show(
        run(
            CURVE if options.curve else options.sets,
            method=options.method,
            draws=options.draws,
            choosing=options.validation,
            keep=keep,
        )
    )


if __name__ == "__main__":
    main()
