"""Ways of training intents, each against the frozen head on the same texts: ``python -m benchmarks.intent_ways``.

For choosing, so the judged part is not read: BANKING77's learning part is parted by ``kept_aside``, and phrases are
drawn from what is not kept. Every way learns from all the phrases and is judged without a threshold. ``error`` is the
standard error of the difference to the frozen head, text by text: smaller than that of an accuracy.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from benchmarks.intent_quality import banking77, few, kept_aside
from model_containers.shard.encoder import MiniLmEncoder, RememberingEncoder, Vectors, packaged_model
from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.shard.training.adapted import SHARES, Examples, mixed, paired
from model_containers.shard.training.classifiers import Fit, counter_examples
from model_containers.shard.training.trained import silently

FIT = Fit(wide=False, strength=30.0)
"""What folds choose with ten phrases an intent (0130)."""


@dataclass(frozen=True, slots=True)
class Against:
    """All in points. ``error`` is of ``gain``."""

    accuracy: float
    gain: float
    error: float


def against(logits: Vectors, frozen: Vectors, targets: npt.NDArray[np.int64]) -> Against:
    right, before = ((one.argmax(axis=1) == targets).astype(float) for one in (logits, frozen))
    gains = 100 * (right - before)
    return Against(float(100 * right.mean()), float(gains.mean()), float(gains.std() / len(gains) ** 0.5))


def ways(phrases: int, draw: str, seed: int) -> dict[str, Against]:
    part = few(kept_aside(banking77()), phrases, draw)
    labelled = sorted(part.learned, key=lambda one: one[1]) + [(text, NONE_OF_THESE) for text in counter_examples(())]
    labels = tuple(dict.fromkeys(label for _, label in labelled))
    learned, judged = (
        Examples(tuple(text for text, _ in some), np.array([labels.index(label) for _, label in some]), labels)
        for some in (labelled, part.judged)
    )
    encoder = RememberingEncoder(MiniLmEncoder(threads=1, pieces=False))
    with threadpool_limits(1):
        pair = paired(learned, FIT, encoder, packaged_model(), seed, silently)
        frozen, tuned = pair.logits(encoder, judged.texts)
    every = {"frozen": frozen, "LoRA": tuned, **{f"both, {share}": mixed(frozen, tuned, share) for share in SHARES}}
    return {name: against(logits, frozen, judged.targets) for name, logits in every.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phrases", type=int, default=10, help="an intent")
    parser.add_argument("--draw", default="a", help="a letter: which phrases")
    parser.add_argument("--seed", type=int, default=11, help="of the adapter")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args()
    found = ways(options.phrases, options.draw, options.seed)
    table = Table("way", "accuracy", "gain", "error", title=f"BANKING77, {options.phrases} phrases an intent")
    for name, one in found.items():
        table.add_row(name, f"{one.accuracy:.2f}", f"{one.gain:+.2f}", f"{one.error:.2f}")
    Console().print(table)
    if options.json:
        figures = {name: {"accuracy": w.accuracy, "gain": w.gain, "error": w.error} for name, w in found.items()}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
