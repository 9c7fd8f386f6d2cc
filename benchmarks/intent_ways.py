"""Ways of training intents, each against the frozen head on the same texts: ``python -m benchmarks.intent_ways``.

For choosing, so the judged part is not read: BANKING77's learning part is parted by ``validation_part``, and phrases
are drawn from the rest. Every way learns from all the phrases and is judged without a threshold; all but the first
also learn from what intents are called. ``error`` is the standard error of the difference to that first one, text by
text: smaller than that of an accuracy.
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

from benchmarks.intent_quality import banking77, by_label, few, validation_part
from local.interruption import ended_in_order
from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.shard.base_encoder.minilm import MiniLmEncoder, packaged_model
from model_containers.trainer.adapted import SHARES, frozen_head, mixed, paired
from model_containers.trainer.heads.classifiers import Fit, intent_examples
from model_containers.trainer.lora.tuned_encoder import plan_for
from model_containers.trainer.trained import silently

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


def ways(phrases: int, draw: str, seed: int, contrast: bool | None = None) -> dict[str, Against]:
    """``contrast``: None as training chooses by the number of phrases."""
    part = few(validation_part(banking77()), phrases, draw)
    learned = intent_examples(by_label(part.learned), ())
    judged = np.array([learned.labels.index(label) for _, label in part.judged])
    texts = [text for text, _ in part.judged]
    encoder = CachingEncoder(MiniLmEncoder(threads=1, pieces=False))
    plan = plan_for(len(learned.texts), len(learned.labels), seed, contrast=contrast)
    with threadpool_limits(1):
        phrases_alone = learned.only(np.flatnonzero(learned.is_utterance).tolist())
        pair = paired(learned, FIT, encoder, packaged_model(), plan, silently)
        before = frozen_head(phrases_alone, FIT, encoder).logits(FIT.features(encoder, texts))
        frozen, tuned = pair.logits(encoder, texts)
    both = {f"both, {share}": mixed(frozen, tuned, share) for share in SHARES}
    every = {"frozen, phrases alone": before, "frozen": frozen, "LoRA": tuned, **both}
    return {name: against(logits, before, judged) for name, logits in every.items()}


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phrases", type=int, default=10, help="an intent")
    parser.add_argument("--draw", default="a", help="a letter: which phrases")
    parser.add_argument("--seed", type=int, default=11, help="of the adapter")
    parser.add_argument(
        "--contrast", action=argparse.BooleanOptionalAction, help="of texts with each other; default: where few"
    )
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args()
    found = ways(options.phrases, options.draw, options.seed, options.contrast)
    table = Table("way", "accuracy", "gain", "error", title=f"BANKING77, {options.phrases} phrases an intent")
    for name, one in found.items():
        table.add_row(name, f"{one.accuracy:.2f}", f"{one.gain:+.2f}", f"{one.error:.2f}")
    Console().print(table)
    if options.json:
        figures = {name: {"accuracy": w.accuracy, "gain": w.gain, "error": w.error} for name, w in found.items()}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
