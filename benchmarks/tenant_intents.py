"""A tenant's intents on its own phrases, frozen head against adapter: ``python -m benchmarks.tenant_intents``.

A quarter of the phrases is kept aside, another one in each draw; a head and an adapter learn from the rest, as ``sotto
tenants push`` trains them, and both are asked as the shard asks them. ``packed`` is what the recipe would pack, by what
it saw inside the learning part: where it says head, an adapter that wins on the kept-aside phrases is left all the
same.
``saved`` is the share of the head's negative log-likelihood that the adapter does without; ``gain`` is of right answers
in points, with the standard error of the difference, text by text.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from benchmarks.intent_quality import Labelled, Split, asked, by_label, place
from local.interruption import ended_in_order
from local.options import TENANTS
from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.trainer.adapted import WORTH_A_PASS, Method, train_adapted
from model_containers.trainer.examples.tenant_files import read_tenant
from model_containers.trainer.heads.classifiers import decided
from model_containers.trainer.heads.fitting import Targets

KEPT_ASIDE_EVERY = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """Of the phrases kept aside: ``accuracy`` is of intents without a threshold, ``answered`` of those with it,
    ``left_alone`` of what is none of these, ``nll`` of all of them, a text."""

    accuracy: float
    answered: float
    left_alone: float
    nll: float


@dataclass(frozen=True, slots=True)
class Draw:
    """``seconds``: how long the adapter's training took. ``saved_inside``: what the recipe decided by."""

    head: Judged
    adapter: Judged
    judged: int
    gain: float
    error: float
    saved_inside: float
    seconds: float

    @property
    def packed(self) -> str:
        return "adapter" if self.saved_inside >= WORTH_A_PASS else "head"

    @property
    def saved(self) -> float:
        return 1 - self.adapter.nll / self.head.nll


def parted(folder: Path, draw: str, most: int | None) -> Split:
    """``most``: phrases of an intent to learn from. Of a label with few phrases one is judged at least."""
    files = read_tenant(folder)
    learned: Labelled = []
    judged: Labelled = []
    for label, phrases in {**files.intents, NONE_OF_THESE: files.none_of_these}.items():
        drawn = sorted(phrases, key=lambda text: place(text, f"tenant {draw}"))
        aside = max(1, len(drawn) // KEPT_ASIDE_EVERY)
        judged += [(text, label) for text in drawn[:aside]]
        rest = drawn[aside:] if most is None or label == NONE_OF_THESE else drawn[aside : aside + most]
        learned += [(text, label) for text in rest]
    return Split(learned, judged)


def drawn(part: Split, encoder: CachingEncoder, reader: MiniLmEncoder) -> Draw:
    head, right_by_head, _, _ = _judged(part, "head", encoder, reader)
    adapter, right_by_adapter, saved, seconds = _judged(part, "lora", encoder, reader)
    gains = 100 * (right_by_adapter - right_by_head)
    error = float(gains.std() / len(gains) ** 0.5)
    return Draw(head, adapter, len(part.judged), float(gains.mean()), error, saved, round(seconds, 1))


def _judged(
    part: Split, method: Method, encoder: CachingEncoder, reader: MiniLmEncoder
) -> tuple[Judged, Vectors, float, float]:
    """With what was right of the texts in scope, one figure a text; ``nll_saved`` as training saw it; seconds."""
    phrases = by_label(part.learned)
    outside = phrases.pop(NONE_OF_THESE, ())
    started = time.perf_counter()
    with threadpool_limits(1):
        trained = train_adapted(phrases, outside, encoder, method=method)
    seconds = time.perf_counter() - started
    probabilities, thresholds, labels = asked(trained, [text for text, _ in part.judged], reader)
    targets: Targets = np.array([labels.index(label) for _, label in part.judged])
    none = labels.index(NONE_OF_THESE)
    answers, inside = decided(probabilities, none, thresholds), targets != none
    right = (probabilities.argmax(axis=1) == targets)[inside].astype(np.float32)
    found = Judged(
        accuracy=float(right.mean()),
        answered=float((answers == targets)[inside].mean()),
        left_alone=float((answers == none)[~inside].mean()),
        nll=float(-np.log(np.maximum(probabilities[np.arange(len(targets)), targets], 1e-9)).mean()),
    )
    return found, right, trained.metrics.get("nll_saved", 0.0), seconds


def show(draws: dict[str, Draw], title: str) -> None:
    columns = ("draw", "judged", "head", "adapter", "gain (error)", "saved", "answered", "left alone", "packed")
    table = Table(*columns, title=title)
    for name, one in draws.items():
        table.add_row(
            name,
            str(one.judged),
            f"{100 * one.head.accuracy:.1f}",
            f"{100 * one.adapter.accuracy:.1f}",
            f"{one.gain:+.1f} ({one.error:.1f})",
            f"{one.saved:+.3f}",
            f"{100 * one.head.answered:.1f} / {100 * one.adapter.answered:.1f}",
            f"{100 * one.head.left_alone:.1f} / {100 * one.adapter.left_alone:.1f}",
            one.packed,
        )
    gains, saved = ([getattr(one, what) for one in draws.values()] for what in ("gain", "saved"))
    table.add_row("mean", "", *("" for _ in range(2)), _spread(gains, "+.1f"), _spread(saved, "+.3f"), "", "", "")
    Console().print(table)


def _spread(values: Sequence[float], how: str) -> str:
    """The mean, and between brackets the standard deviation of the draws."""
    return f"{np.mean(values):{how}} ({np.std(values, ddof=1) if len(values) > 1 else 0.0:{how.strip('+')}})"


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenant", type=Path, default=TENANTS / "harbour_bank", help="a tenant's folder")
    parser.add_argument("--draws", default="abcde", help="a letter for each")
    parser.add_argument("--most", type=int, help="phrases of an intent to learn from: for a curve")
    parser.add_argument("--json", type=Path, help="write the figures here as well, after every draw")
    options = parser.parse_args(arguments)
    encoder = CachingEncoder(MiniLmEncoder(threads=1, pieces=False))
    reader = MiniLmEncoder(threads=1, pieces=False)
    found: dict[str, Draw] = {}
    for draw in options.draws:
        found[draw] = drawn(parted(options.tenant, draw, options.most), encoder, reader)
        if options.json:
            figures = {name: asdict(one) | {"packed": one.packed, "saved": one.saved} for name, one in found.items()}
            options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    show(found, f"{options.tenant.name}, frozen head against adapter")
    return 0


if __name__ == "__main__":
    sys.exit(main())
