"""How many wrong labels confident learning finds, and what leaving them out is worth: ``python -m
benchmarks.label_errors``.

Of BANKING77's learning part (benchmarks.intent_quality) so many phrases an intent are drawn, a share of their labels is
flipped to another one, and sotto.learning.confident is asked which are wrong, by what heads say of examples that they
never saw. ``precision`` counts flips alone: labels that are wrong in the corpus itself (14 % are suspect, Ying and
Thomas 2022) count against it. Accuracy is of a frozen head on the judged tenth, learned from clean labels, from flipped
ones, from what is left without the doubtful ones, and from what is there when people have corrected those of them that
were flipped, as the queue has it. ``--validation``: on a quarter of the learning part instead, to
choose ``--ease`` by. Reads ``SOTTO_SHARED_DATA`` or ``../shared/data``.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from benchmarks.intent_quality import Labelled, banking77, few, validation_part
from local.interruption import ended_in_order
from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.trainer.heads.fitting import Targets, fit_softmax, out_of_fold, softmax, temperature_for
from sotto.learning.confident import EASE, doubtful

STRENGTH = 10.0
GOALS = {"recall": 0.8, "precision": 0.6, "lost": 0.005}


@dataclass(frozen=True, slots=True)
class Draw:
    """``clean``, ``flipped``, ``left_out``, ``reviewed``: accuracy after learning from each. ``lost``: clean less
    reviewed."""

    examples: int
    flips: int
    found: int
    recall: float
    precision: float
    clean: float
    flipped: float
    left_out: float
    reviewed: float
    seconds: float

    @property
    def lost(self) -> float:
        return self.clean - self.reviewed


def drawn(learned: Labelled, judged: Labelled, encoder: CachingEncoder, share: float, ease: float, seed: str) -> Draw:
    labels = sorted({label for _, label in learned})
    truth: Targets = np.array([labels.index(label) for _, label in learned])
    source = random.Random(seed)
    places = set(source.sample(range(len(truth)), round(share * len(truth))))
    given = truth.copy()
    for each in places:
        given[each] = source.choice([label for label in range(len(labels)) if label != truth[each]])
    vectors = encoder.whole([text for text, _ in learned])
    aside = encoder.whole([text for text, _ in judged])
    wanted: Targets = np.array([labels.index(label) for _, label in judged])
    with threadpool_limits(1):
        every = np.ones(len(given), dtype=np.bool_)
        logits = out_of_fold(vectors, given, len(labels), STRENGTH, every)
        probabilities = softmax(logits, temperature_for(logits, given))
        started = time.perf_counter()
        doubts = doubtful(given.tolist(), probabilities.tolist(), ease=ease)
        seconds = time.perf_counter() - started
        found = {doubt.example for doubt in doubts}
        left = np.array([place not in found for place in range(len(given))])

        def right(targets: Targets, texts: Vectors) -> float:
            head = fit_softmax(texts, targets, len(labels), STRENGTH)
            return float((head.logits(aside).argmax(axis=1) == wanted).mean())

        return Draw(
            len(given),
            len(places),
            len(found),
            len(found & places) / len(places),
            len(found & places) / max(1, len(found)),
            right(truth, vectors),
            right(given, vectors),
            right(given[left], vectors[left]),
            right(np.where(left, given, truth), vectors),
            round(seconds, 2),
        )


def show(draws: Sequence[Draw], title: str) -> None:
    table = Table("", "mean", "draws", "goal", title=title)
    for name in ("recall", "precision", "clean", "flipped", "left_out", "reviewed", "lost"):
        values = [getattr(draw, name) for draw in draws]
        goal = GOALS.get(name)
        bound = "" if goal is None else f"{'<=' if name == 'lost' else '>='} {goal:g}"
        table.add_row(name, f"{statistics.mean(values):.3f}", " ".join(f"{each:.3f}" for each in values), bound)
    Console().print(table)


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phrases", type=int, default=30, help="Of an intent.")
    parser.add_argument("--flipped", type=float, default=0.1)
    parser.add_argument("--ease", type=float, default=EASE, help="Of a threshold, that is enough.")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--validation", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    part = validation_part(banking77()) if options.validation else banking77()
    encoder = CachingEncoder(MiniLmEncoder(pieces=False))
    draws = []
    for number in range(options.draws):
        split = few(part, options.phrases, f"errors {number}")
        draws.append(drawn(split.learned, split.judged, encoder, options.flipped, options.ease, f"flip {number}"))
    where = "validation" if options.validation else "the judged tenth"
    show(draws, f"{options.flipped:.0%} of the labels of {options.phrases} phrases an intent flipped, on {where}")
    if options.json:
        options.json.write_text(json.dumps([asdict(draw) | {"lost": draw.lost} for draw in draws], indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
