"""Behaviours on what nobody trained on: ``python -m benchmarks.behaviour_quality``.

``texts/unseen_behaviours.yaml`` has what agents could say to customers of the shipped tenants, in other words than the
phrases in their playbooks, with what only sounds alike. The head is trained from the playbook as ``sotto tenants push``
does, packed, and asked as the shard asks it. ``model`` is what it says by its own thresholds; ``at playbook's`` by the
``at_least`` of the moments that rest on it; ``phrases`` are those moments without the model; ``moments``: either of
them, which is what the checklists and cards of a call go by.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from local.interruption import ended_in_order
from local.options import TENANTS
from model_containers.shard.base_encoder.embedding import CachingEncoder
from model_containers.shard.base_encoder.minilm import BASE_MODEL, MiniLmEncoder
from model_containers.shard.heads import load_head
from model_containers.trainer.examples.tenant_files import read_tenant
from model_containers.trainer.heads.behaviours import train_behaviours
from sotto.guidance.wording import spans
from sotto.models.package import ModelCard, open_package, write_package
from sotto.tenants.playbook import Detected, Phrases, Playbook, parts_of
from sotto.wiring.publishing import book_from

TEXTS = Path(__file__).parent / "texts" / "unseen_behaviours.yaml"
WAYS = ("model", "at playbook's", "phrases", "moments")
Shown = frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A moment's own: the behaviour that it rests on, how sure that must be, and the words that do as well."""

    behaviour: str
    at_least: float
    phrases: tuple[str, ...]


def unseen(tenant: str) -> list[tuple[str, Shown]]:
    return [(each["text"], frozenset(each["shows"])) for each in yaml.safe_load(TEXTS.read_text())[tenant]]


def rules(playbook: Playbook) -> Iterator[Rule]:
    """Of the moments that are a behaviour or its words."""
    for moment in (moment for one in playbook.sets for moment in one.moments):
        parts = parts_of(moment.when) or (moment.when,)
        phrases = tuple(phrase for part in parts if isinstance(part, Phrases) for phrase in part.phrases)
        for part in parts:
            if isinstance(part, Detected) and part.task == "behaviours":
                yield from (Rule(label, part.at_least, phrases) for label in part.labels)


def answers(folder: Path, texts: Sequence[str], most: int | None) -> list[dict[str, float]]:
    """Behaviour -> confidence for each text, of those above the head's thresholds."""
    reader, files = MiniLmEncoder(), read_tenant(folder)
    learned = replace(files, behaviours={label: phrases[:most] for label, phrases in files.behaviours.items()})
    trained = train_behaviours(learned, CachingEncoder(MiniLmEncoder(pieces=False)))
    card = ModelCard(
        task="behaviours",
        tenant="bench",
        model="behaviours",
        version="1",
        base_model=BASE_MODEL,
        base_revision=reader.revision,
        labels=trained.labels,
        thresholds=trained.thresholds,
        calibration=trained.calibration,
        metrics=trained.metrics,
    )
    with tempfile.TemporaryDirectory() as scratch:
        package = open_package(write_package(card, trained.files, Path(scratch)), Path(scratch) / "open")
        head = load_head(package, base_revision=reader.revision)
    found = (head.answer({"text": text}, reader.encode([text])[0])["behaviours"] for text in texts)
    return [{each["label"]: each["confidence"] for each in one} for one in found]


def by_each_way(confidences: Mapping[str, float], text: str, known: Sequence[Rule]) -> dict[str, Shown]:
    sure = {rule.behaviour for rule in known if confidences.get(rule.behaviour, 0.0) >= rule.at_least}
    worded = {rule.behaviour for rule in known if spans(rule.phrases, text)}
    found = {"model": confidences.keys(), "at playbook's": sure, "phrases": worded, "moments": sure | worded}
    return {way: frozenset(labels) for way, labels in found.items()}


def figures(truth: Sequence[Shown], found: Sequence[Shown], labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """``all`` is over every (text, behaviour), whatever the behaviour."""
    one_each = {label: ([{label} & each for each in truth], [{label} & each for each in found]) for label in labels}
    return {name: _counted(*pair) for name, pair in {**one_each, "all": (truth, found)}.items()}


def _counted(truth: Sequence[Any], found: Sequence[Any]) -> dict[str, float]:
    right = sum(len(shown & each) for shown, each in zip(truth, found, strict=True))
    return {
        "precision": round(right / max(1, sum(map(len, found))), 3),
        "recall": round(right / max(1, sum(map(len, truth))), 3),
        "texts": sum(map(len, truth)),
    }


def judged(folder: Path, most: int | None) -> dict[str, dict[str, dict[str, float]]]:
    texts, truth = map(list, zip(*unseen(folder.name), strict=True))
    learned = {text.casefold() for phrases in read_tenant(folder).behaviours.values() for text in phrases}
    assert not learned & {text.casefold() for text in texts}, "a text is learned from"
    known = list(rules(book_from(folder).playbook))
    labels = sorted({rule.behaviour for rule in known})
    found = [by_each_way(one, text, known) for one, text in zip(answers(folder, texts, most), texts, strict=True)]
    return {way: figures(truth, [each[way] for each in found], labels) for way in WAYS}


def show(tenant: str, found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    table = Table("behaviour", "texts", *WAYS, title=f"{tenant}: precision / recall on texts nobody trained on")
    for label in found["model"]:
        cells = (f"{found[way][label]['precision']:.2f} / {found[way][label]['recall']:.2f}" for way in WAYS)
        table.add_row(label, str(int(found["model"][label]["texts"])), *cells)
    Console(width=120).print(table)


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, help="phrases of a behaviour to learn from: for a curve")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    found = {}
    with threadpool_limits(1):
        for tenant in yaml.safe_load(TEXTS.read_text()):
            found[tenant] = judged(TENANTS / tenant, options.most)
            show(tenant, found[tenant])
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
