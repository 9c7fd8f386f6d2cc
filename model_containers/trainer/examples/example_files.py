"""Example phrases from one file: a tenant's intents.yaml, a CSV with text and label, or JSON lines of the same."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.trainer.examples.tenant_files import BadTenantFile, Phrases, read_intents

LABELS = ("label", "category", "intent")
LEAST = 2


def read_examples(path: Path) -> tuple[Phrases, tuple[str, ...]]:
    """Phrases by intent, and those that are none of these. Raises BadTenantFile with the line and the fix."""
    if path.suffix in (".yaml", ".yml"):
        return read_intents(path)
    phrases: dict[str, list[str]] = {}
    for number, (text, label) in enumerate(_rows(path), 1):
        if not text.strip() or not label.strip():
            raise BadTenantFile(f"{path}: row {number} needs a text and a label")
        phrases.setdefault(label.strip(), []).append(text.strip())
    none = tuple(phrases.pop(NONE_OF_THESE, ()))
    _enough(path, phrases)
    return {label: tuple(texts) for label, texts in phrases.items()}, none


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines) if path.suffix == ".csv" else (json.loads(line) for line in lines)
            for row in rows:
                label = next((row[name] for name in LABELS if row.get(name) is not None), "")
                yield str(row.get("text") or ""), str(label)
    except (ValueError, AttributeError, csv.Error, RecursionError) as error:
        raise BadTenantFile(
            f"{path}: expected .yaml as in a tenant's folder, .csv with columns text and label, or JSON lines: {error}"
        ) from error


def _enough(path: Path, phrases: dict[str, list[str]]) -> None:
    if len(phrases) < 2:
        raise BadTenantFile(f"{path}: give phrases of at least two intents, found {len(phrases)}")
    few = [label for label, texts in phrases.items() if len(texts) < LEAST]
    if few:
        raise BadTenantFile(f"{path}: give at least {LEAST} phrases of {', '.join(few[:5])}")
