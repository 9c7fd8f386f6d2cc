"""Metrics of log lines as CloudWatch would graph them: by name, dimensions, period and statistic."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sotto.core.metrics.measure import CELL

Dimensions = frozenset[tuple[str, str]]
Points = Mapping[int, float]
"""Start of a period (s since the first one) -> value."""
_SEARCH = re.compile(r"SEARCH\('\{([^}]*)\} MetricName=\"(\w+)\" (.*)', '(\w+)', \d+\)")
_FILL = re.compile(r"FILL\((\w+), 0\)")
_TIMES = re.compile(r"^FILL\((\w+), 0\) \* ([0-9.]+)$")


@dataclass(frozen=True, slots=True)
class Series:
    label: str
    points: Points


class Emitted:
    """What was written in ``lines``; other lines of a log are passed over. Of which cell does not matter: a picture
    shows one."""

    def __init__(self, lines: Iterable[str], *, period_s: int, since_ms: float = 0.0) -> None:
        """``since_ms``: Unix epoch; a log may hold earlier calls, too."""
        self.period_s = period_s
        self._since_ms = since_ms
        self._values: defaultdict[tuple[str, Dimensions], list[tuple[float, list[float]]]] = defaultdict(list)
        for text in lines:
            if '"_aws"' in text:
                self._read(json.loads(text))
        times = [at for found in self._values.values() for at, _ in found]
        self._first = min(times, default=0.0)
        self.periods = math.ceil((max(times, default=0.0) - self._first) / period_s) + 1

    def row(self, row: Sequence[object], all_rows: Sequence[Sequence[object]]) -> list[Series]:
        """The lines of one entry of a widget's ``metrics``; none for what is hidden or was not written."""
        options = row[-1] if isinstance(row[-1], dict) else {}
        if options.get("visible") is False:
            return []
        if "expression" in options:
            return self._expression(str(options["expression"]), str(options.get("label", "")), all_rows)
        words = [str(word) for word in row if isinstance(word, str)]
        points = self._points(words[1], _pairs(words[2:]), str(options.get("stat", "Average")))
        return [Series(str(options.get("label", words[1])), points)] if points else []

    def _expression(self, expression: str, label: str, rows: Sequence[Sequence[object]]) -> list[Series]:
        if searched := _SEARCH.match(expression):
            return self._searched(searched, label)
        named = {str(row[-1].get("id")): row for row in rows if isinstance(row[-1], dict)}
        parts = {name: self.row(_shown(named[name]), ()) for name in _FILL.findall(expression)}
        if not any(parts.values()):
            return []
        factor = float(times[2]) if (times := _TIMES.match(expression)) else 1.0
        if times is None and expression != " + ".join(f"FILL({name}, 0)" for name in parts):
            raise ValueError(f"this picture knows sums and products only, not {expression}")
        total: defaultdict[int, float] = defaultdict(float)
        for lines in parts.values():
            for line in lines:
                for at, value in line.points.items():
                    total[at] += value * factor
        return [Series(label, dict(total))]

    def _searched(self, searched: re.Match[str], label: str) -> list[Series]:
        names = set(searched[1].split(",")[1:])
        wanted = {pair for pair in _pairs_in(searched[3]) if pair[0] != CELL}
        found = [
            dimensions
            for metric, dimensions in self._values
            if metric == searched[2] and {name for name, _ in dimensions} | {CELL} == names and wanted <= dimensions
        ]
        lines = []
        for dimensions in sorted(found, key=sorted):
            words = label
            for name, value in dimensions:
                words = words.replace(f"${{PROP('Dim.{name}')}}", value)
            lines.append(Series(words or searched[2], self._points(searched[2], dimensions, searched[4])))
        return lines

    def _points(self, metric: str, dimensions: Dimensions, statistic: str) -> Points:
        binned: defaultdict[int, list[float]] = defaultdict(list)
        for at, values in self._values.get((metric, dimensions), ()):
            binned[int((at - self._first) // self.period_s) * self.period_s].extend(values)
        return {at: _statistic(values, statistic) for at, values in sorted(binned.items())}

    def _read(self, line: Mapping[str, object]) -> None:
        about = line["_aws"]
        assert isinstance(about, dict)
        if about["Timestamp"] < self._since_ms:
            return
        for directive in about["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = frozenset((name, str(line[name])) for name in names if name != CELL)
                for metric in directive["Metrics"]:
                    value = line[metric["Name"]]
                    values = [float(each) for each in value] if isinstance(value, list) else [float(str(value))]
                    self._values[metric["Name"], dimensions].append((about["Timestamp"] / 1000, values))


def _statistic(values: Sequence[float], statistic: str) -> float:
    if statistic.startswith("p"):
        ordered = sorted(values)
        return ordered[min(len(ordered) - 1, int(float(statistic[1:]) / 100 * len(ordered)))]
    match statistic:
        case "Sum":
            return sum(values)
        case "Maximum":
            return max(values)
        case _:
            return sum(values) / len(values)


def _pairs(words: Sequence[str]) -> Dimensions:
    return frozenset(pair for pair in zip(words[::2], words[1::2], strict=True) if pair[0] != CELL)


def _pairs_in(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r'(\w+)="([^"]*)"', text))


def _shown(row: Sequence[object]) -> list[object]:
    options = row[-1]
    assert isinstance(options, dict)
    return [*row[:-1], {**options, "visible": True}]
