"""Rows of the fact ``understanding``, as drift looks at them."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sotto.analytics.drift.departures import Calls
from sotto.analytics.drift.tails import Numbers
from sotto.analytics.drift.watch import View, Views

COLUMNS = (
    "day", "started_ms", "queue", "team", "language", "synthetic", "model_version", "utterances", "unanswered", "doubt",
    '"right"', "unrecognised", "sure", "labels", "meaning",
)  # fmt: skip
NO_LABEL = ""
BYTE = 127.0


@dataclass(frozen=True, slots=True)
class SketchedCall:
    """Sums over a call's utterances; ``meaning``: means."""

    day: str
    segments: Mapping[str, str]
    version: str
    utterances: int
    unanswered: int
    doubt: float
    right: float
    unrecognised: float
    sure: tuple[int, ...]
    labels: Mapping[str, int]
    meaning: Numbers
    synthetic: bool = False


def read_call(row: Sequence[object]) -> SketchedCall | None:
    """``row``: as COLUMNS. None for one that cannot be read: another shard's sketch may have other columns."""
    (
        day,
        _,
        queue,
        team,
        language,
        synthetic,
        version,
        utterances,
        unanswered,
        doubt,
        right,
        bad,
        sure,
        labels,
        meaning,
    ) = row
    segments = {"queue": queue, "team": team, "language": language}
    try:
        named = (each.rpartition(":") for each in str(labels or "").split())
        found = SketchedCall(
            str(day),
            {name: str(value) for name, value in segments.items() if value is not None},
            str(version),
            int(str(utterances)),
            int(str(unanswered)),
            float(str(doubt)),
            float(str(right)),
            float(str(bad)),
            tuple(int(each) for each in str(sure or "").split()),
            {name: int(count) for name, _, count in named},
            np.frombuffer(base64.b64decode(str(meaning)), dtype=np.int8) / BYTE,
            bool(synthetic),
        )
    except ValueError:
        return None
    return found if found.utterances > 0 else None


def views_of(calls: Sequence[SketchedCall], labels: Sequence[str], version: str) -> Views:
    """``labels``: columns, NO_LABEL among them. What a model of another ``version`` made of a call says nothing here;
    what the base read does."""
    same = [each for each in calls if each.version == version]
    widths = Counter(len(each.meaning) for each in calls)
    width = widths.most_common(1)[0][0] if widths else 0
    read = [each for each in calls if len(each.meaning) == width]
    counts, same_counts, read_counts = (
        np.array([each.utterances for each in some], dtype=np.float64) for some in (calls, same, read)
    )
    place = {label: at for at, label in enumerate(labels)}
    by_label = np.zeros((len(same), len(labels)))
    for row, each in enumerate(same):
        by_label[row, place[NO_LABEL]] = each.unanswered
        for label, count in each.labels.items():
            by_label[row, place[label]] = count
    meaning = np.stack([each.meaning for each in read]) if read else np.zeros((0, width))
    return {
        View.DOUBT: Calls(np.array([[each.doubt] for each in same]).reshape(-1, 1), same_counts),
        View.LABELS: Calls(by_label, same_counts),
        View.MEANING: Calls(meaning * read_counts[:, None], read_counts),
        View.RECOGNITION: Calls(np.array([[each.unrecognised] for each in calls]).reshape(-1, 1), counts),
    }


def labels_of(calls: Iterable[SketchedCall]) -> list[str]:
    return sorted({NO_LABEL, *(label for each in calls for label in each.labels)})
