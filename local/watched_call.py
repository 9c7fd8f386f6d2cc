"""What a played call showed: counts, latencies, and what each fault cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something reached the agent ``lag_ms`` after the moment of the call that it is about."""

    at_ms: float
    lag_ms: float


@dataclass(slots=True)
class Watched:
    """``speed``: call time passes this much faster than ``at_ms``; 0 when it does not follow the clock."""

    speed: float
    latencies: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    utterances: set[int] = field(default_factory=set)
    annotations: set[int] = field(default_factory=set)
    handovers: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    faults: list[tuple[float, str]] = field(default_factory=list)
    faults_left_out: list[str] = field(default_factory=list)
    """Whose time came after the call."""
    reconnections: int = 0

    def arrived(self, at_ms: float, call_ms: float) -> None:
        if self.speed > 0:
            self.arrivals.append(Arrival(at_ms, at_ms - call_ms / self.speed))

    def took(self, stages: dict[str, float]) -> float:
        """Count one annotation's stages; answers with their sum."""
        for stage, took_ms in stages.items():
            self.stages.setdefault(stage, []).append(took_ms)
        self.latencies.append(round(sum(stages.values()), 2))
        return self.latencies[-1]

    def broken(self) -> list[Event]:
        """Per fault, by how much the latest utterance or annotation after it came later than they usually come."""
        ends = [*(at_ms for at_ms, _ in self.faults), float("inf")][1:]
        return [
            {"name": name, "at_ms": round(at_ms), "guidance_delayed_ms": self._delayed(at_ms, end_ms)}
            for (at_ms, name), end_ms in zip(self.faults, ends, strict=True)
        ]

    def _delayed(self, from_ms: float, to_ms: float) -> int | None:
        after = [arrival.lag_ms for arrival in self.arrivals if from_ms <= arrival.at_ms < to_ms]
        if not after:
            return None
        before = [arrival.lag_ms for arrival in self.arrivals if arrival.at_ms < self.faults[0][0]]
        return max(0, round(max(after) - median(before or after)))


def contiguous(seen: set[int]) -> int:
    """The last number before the first gap."""
    last = 0
    while last + 1 in seen:
        last += 1
    return last


def percentiles(values: Sequence[float], wanted: Sequence[int]) -> dict[str, float | None]:
    """``{"p50": ...}``; None where there is nothing to measure."""
    if not values:
        return {f"p{each}": None for each in wanted}
    if len(values) == 1:
        return {f"p{each}": round(values[0], 2) for each in wanted}
    cuts = quantiles(values, n=100, method="inclusive")
    return {f"p{each}": round(cuts[each - 1], 2) for each in wanted}


def summary_fields(summary: Event) -> Event:
    lines = [{"part": each["part"].lower(), "text": each["text"]} for each in summary["lines"]]
    return {"origin": summary["origin"].lower(), "version": summary["version"], "lines": lines}


def work_fields(work: Event) -> Event:
    """Each step of the work after the call, with its outcome, and where the call is filed."""
    steps = {each["step"]: each["outcome"].lower() for each in work["steps"]}
    suggested = work["disposition"]["suggested"] if work["disposition"] else None
    filed = {each["system"]: {"title": each["title"], "state": each["state"].lower()} for each in work["filed"]}
    return {"version": work["version"], "steps": steps, "disposition": suggested, "filed": filed}


def utterance_fields(utterance: Event) -> Event:
    return {
        "id": utterance["id"],
        "seq": utterance["seq"],
        "speaker": utterance["speaker"].lower(),
        "start_ms": utterance["startMs"],
        "end_ms": utterance["endMs"],
        "text": utterance["text"],
    }


def annotation_fields(annotation: Event) -> Event:
    return {
        "id": annotation["id"],
        "seq": annotation["seq"],
        "kind": annotation["kind"].lower(),
        "name": annotation["name"],
        "call_ms": annotation["atMs"],
        "utterance_id": annotation["utteranceId"],
        "title": annotation["title"],
        "text": annotation["text"],
        "severity": annotation["severity"].lower(),
        "confidence": annotation["confidence"],
        "model": annotation["model"],
        "adapter": annotation["adapter"],
        "policy": annotation["policy"],
        "evidence": annotation["evidence"],
        "citations": annotation["citations"],
        "withdraws": annotation["withdraws"],
    }
