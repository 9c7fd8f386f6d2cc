"""How well the shipped sentiment tells feelings apart: ``python -m benchmarks.sentiment_quality``.

GoEmotions is public and labelled by people, though of Reddit and not of telephone calls: its emotions are read in their
three groups, and texts with both feelings or with ``ambiguous`` ones are left out. Half of the development split, by a
hash of the text, is ``tune``; the other half is judged. Beside the shipped head stand what always answers ``neutral``,
and the same kind of head fitted on texts of GoEmotions' own learning split: what the encoder could do at its best.
Reads ``SOTTO_SHARED_DATA`` or ``../shared/data``.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from benchmarks.intent_quality import AT_ONCE, place, shared_text
from local.interruption import ended_in_order
from model_containers.shard.base_encoder.embedding import CachingEncoder
from model_containers.shard.base_encoder.minilm import BASE_MODEL, MiniLmEncoder
from model_containers.shard.heads import load_head
from model_containers.trainer.examples.labelled import examples
from model_containers.trainer.heads.classifiers import sentiment_from, train_sentiment
from model_containers.trainer.trained import Trained
from sotto.models.package import ModelCard, open_package, write_package

LABELS = ("negative", "neutral", "positive")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "positive": (
        "admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy", "love",
        "optimism", "pride", "relief",
    ),
    "negative": (
        "anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear", "grief",
        "nervousness", "remorse", "sadness",
    ),
    "neutral": ("neutral",),
}  # fmt: skip
"""https://github.com/google-research/google-research/tree/master/goemotions, its grouping by sentiment."""


def emotions() -> list[str]:
    return (shared_text() / "goemotions" / "original_labels.txt").read_text(encoding="utf-8").split()


def labelled(split: str) -> Iterator[tuple[str, str]]:
    """(text, group) of the texts with one feeling."""
    names, group_of = emotions(), {name: group for group, members in GROUPS.items() for name in members}
    with (shared_text() / "goemotions" / f"{split}.tsv").open(encoding="utf-8", newline="") as lines:
        for text, ids, _ in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            groups = {group_of.get(names[int(each)], "ambiguous") for each in ids.split(",")}
            if len(groups) == 1 and "ambiguous" not in groups:
                yield text, groups.pop()


def judged(part: str) -> list[tuple[str, str]]:
    return [(text, group) for text, group in labelled("dev") if (place(text) % 2 == 0) == (part == "tune")]


def answers(trained: Trained, texts: Sequence[str], encoder: MiniLmEncoder) -> list[str]:
    """What the head says, through a package on disk, asked as the shard asks it."""
    card = ModelCard(
        task="sentiment",
        tenant="bench",
        model="sentiment",
        version="1",
        base_model=BASE_MODEL,
        base_revision=encoder.revision,
        labels=trained.labels,
        calibration=trained.calibration,
    )
    with tempfile.TemporaryDirectory() as folder:
        package = open_package(write_package(card, trained.files, Path(folder)), Path(folder) / "open")
        head = load_head(package, base_revision=encoder.revision)
    found: list[str] = []
    for start in range(0, len(texts), AT_ONCE):
        some = texts[start : start + AT_ONCE]
        embedded = zip(some, encoder.encode(some), strict=True)
        found += [head.answer({"text": text}, embedding)["label"] for text, embedding in embedded]
    return found


def figures(truth: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    pairs = list(zip(truth, found, strict=True))
    by_label = {label: _f(pairs, label) for label in LABELS}
    wrong_way = sum({true, found} == {"negative", "positive"} for true, found in pairs)
    return {
        "accuracy": round(sum(true == found for true, found in pairs) / len(pairs), 3),
        "macro F": round(sum(by_label.values()) / len(by_label), 3),
        **{f"F {label}": round(value, 3) for label, value in by_label.items()},
        "the wrong way round": round(wrong_way / len(pairs), 3),
    }


def _f(pairs: Sequence[tuple[str, str]], label: str) -> float:
    right = sum(true == found == label for true, found in pairs)
    return 2 * right / max(1, sum(true == label for true, _ in pairs) + sum(found == label for _, found in pairs))


def at_its_best(encoder: CachingEncoder, learned: int) -> Trained:
    """A head of the same kind, fitted on so many texts of the public set's own learning part."""
    texts = sorted(labelled("train"), key=lambda each: place(each[0], "learned"))[:learned]
    phrases = {label: tuple(text for text, group in texts if group == label) for label in LABELS}
    return sentiment_from(examples(phrases), encoder)


def run(part: str, learned: int) -> dict[str, dict[str, float]]:
    reader = MiniLmEncoder()
    encoder = CachingEncoder(reader)
    texts, truth = map(list, zip(*judged(part), strict=True))
    found = {"always neutral": figures(truth, ["neutral"] * len(truth))}
    found["shipped"] = figures(truth, answers(train_sentiment(encoder), texts, reader))
    if learned:
        best = at_its_best(encoder, learned)
        found[f"the same kind of head on {learned:,} texts of the set"] = figures(truth, answers(best, texts, reader))
    return found


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("report", "tune"), default="report")
    parser.add_argument("--learned", type=int, default=3_000, help="texts of the set's own learning part; 0: none")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with threadpool_limits(1):
        found = run(options.part, options.learned)
    table = Table("head", *next(iter(found.values())))
    for name, row in found.items():
        table.add_row(name, *(f"{value:.3f}" for value in row.values()))
    Console(width=140).print(table)
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
