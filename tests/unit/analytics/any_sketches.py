"""Calls as facts have them, made up by lot: a fixed mix of intents, or one that has moved."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.drift.sketched import COLUMNS, SketchedCall, read_call
from sotto.analytics.facts.tables import TABLES

COSINES = 32
LABELS = ("balance", "card", "loan")


def any_calls(
    count: int,
    seed: int,
    *,
    mix: Mapping[str, float] | None = None,
    unknown: float = 0.0,
    unrecognised: float = 0.05,
    version: str = "v1",
    queue: str = "cards",
    day: str = "2026-11-20",
) -> list[SketchedCall]:
    """``unknown``: share of calls with a wish that the model does not know."""
    source = np.random.default_rng(seed)
    shares = mix or {"balance": 0.5, "card": 0.3, "loan": 0.2}
    made = []
    for place in range(count):
        size = 1 + int(source.poisson(2))
        is_unknown = source.random() < unknown
        labels = list(source.choice(list(shares), size, p=list(shares.values())))
        doubt = source.gamma(8.0 if is_unknown else 1.0, 0.2, size)
        meaning = source.normal(0.3 if is_unknown else 0.0, 0.3, (size, COSINES)).clip(-1, 1).mean(axis=0)
        counts = Counter(labels)
        row = {
            "day": day,
            "started_ms": place,
            "queue": queue,
            "team": None,
            "language": "en",
            "synthetic": False,
            "model_version": version,
            "utterances": size,
            "unanswered": 0,
            "doubt": float(doubt.sum()),
            '"right"': float(np.exp(-doubt).sum()),
            "unrecognised": float(source.beta(2, 2 / unrecognised - 2, size).sum()),
            "sure": " ".join(["0"] * 9 + [str(size)]),
            "labels": " ".join(f"{label}:{number}" for label, number in sorted(counts.items())),
            "meaning": base64.b64encode(np.rint(meaning * 127).astype(np.int8).tobytes()).decode(),
        }
        call = read_call([row[name] for name in COLUMNS])
        assert call is not None
        made.append(call)
    return made


def row_of(call: SketchedCall, day: str) -> dict[str, object]:
    """As it is filed."""
    packed = base64.b64encode(np.rint(call.meaning * 127).astype(np.int8).tobytes()).decode()
    return {
        "conversation": f"{call.segments['queue']} {day} {id(call)}",
        "day": day,
        "started_ms": id(call) % 10**9,
        **call.segments,
        "synthetic": False,
        "model_version": call.version,
        "utterances": call.utterances,
        "unanswered": call.unanswered,
        "doubt": call.doubt,
        "right": call.right,
        "unrecognised": call.unrecognised,
        "sure": " ".join(map(str, call.sure)),
        "labels": " ".join(f"{label}:{count}" for label, count in call.labels.items()),
        "meaning": packed,
    }


def write_rows(folder: Path, tenant: str, fact: str, rows: Sequence[Mapping[str, object]]) -> None:
    """A file of each day."""
    files = FolderFiles(folder)
    for day in sorted({str(row["day"]) for row in rows}):
        lines, file = folder / "rows.jsonl", folder / "rows.parquet"
        lines.write_text("".join(json.dumps(dict(row)) + "\n" for row in rows if row["day"] == day))
        DuckDbParquet().write(TABLES[fact], lines, file)
        files.put(tenant, fact, day, file)
