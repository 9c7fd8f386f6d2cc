"""The metrics that calls were seen to emit, kept so that tests of templates need not play calls."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

Emitted = tuple[str, tuple[str, ...]]
"""A metric's name and the names of its dimensions."""


def emitted_by(lines: Iterable[str]) -> Iterator[Emitted]:
    """Of all lines those that CloudWatch would take for metrics; a log has others, too."""
    for text in lines:
        if '"_aws"' not in text:
            continue
        for directive in json.loads(text)["_aws"]["CloudWatchMetrics"]:
            for metric in directive["Metrics"]:
                for dimensions in directive["Dimensions"]:
                    yield metric["Name"], tuple(dimensions)


class _Kept:
    file = Path(__file__).with_name("emitted.txt")

    def all(self) -> set[Emitted]:
        rows = [line.split() for line in self.file.read_text().splitlines()]
        return {(metric, tuple(dimensions)) for metric, *dimensions in rows}

    def check(self, seen: set[Emitted]) -> None:
        """Everything that is kept was seen again. Calls may emit more by chance: an error, a reconnection."""
        if os.environ.get("SOTTO_WRITE_SNAPSHOTS"):
            rows = sorted(" ".join((metric, *dimensions)) for metric, dimensions in seen)
            self.file.write_text("\n".join(rows) + "\n")
        assert self.all() <= seen


EMITTED = _Kept()
