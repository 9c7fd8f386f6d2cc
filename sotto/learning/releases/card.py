"""The release card: everything that is known of a candidate, in plain words, before any call is answered by it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sotto.learning.releases.gates import Gate, Measured
from sotto.learning.sets.manifest import Manifest
from sotto.tenants.learning import Updates


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """``phrases``: that the tenant wrote, beside the examples. ``seconds``: what training took on this machine."""

    tenant: str
    model: str
    made_at_ms: int
    candidate: Measured
    live: Measured | None
    gates: tuple[Gate, ...]
    set: Manifest
    phrases: int
    seconds: float
    base: str

    @property
    def passed(self) -> bool:
        return all(gate.passed for gate in self.gates if gate.decides)

    def may_go_out(self, updates: Updates) -> bool:
        """Without anybody's approval: where the tenant wants that, and every gate has enough to say so."""
        return updates is Updates.AUTO and all(gate.passed for gate in self.gates)

    def as_json(self) -> dict[str, Any]:
        """What is no number is null: JSON has no NaN. Of its set how many are in it: which, the manifest says."""
        found: dict[str, Any] = _numbers(asdict(self))
        found["set"] |= {"learned": len(self.set.learned), "regression": len(self.set.regression)}
        for version in (found["candidate"], found["live"]):
            if version is not None:
                del version["right"]
        return found | {"passed": self.passed}

    def as_markdown(self) -> str:
        new, old = self.candidate, self.live
        learned, judged = len(self.set.learned), len(self.set.regression)
        lines = [
            f"# {self.model} {new.version} of {self.tenant}",
            "",
            "**Passed its gates.**" if self.passed else "**Did not pass its gates: nothing changes.**",
            "",
            f"It learned from {self.phrases} phrases that the tenant wrote and {learned} examples that people "
            f"accepted (set {self.set.number}, {self.set.digest}), whole, from the base {self.base}, in "
            f"{self.seconds:.0f} s. It is judged by {judged} examples that no version ever learned from.",
            "",
            f"| | candidate {new.version} | {f'live {old.version}' if old else 'no version is live'} |",
            "|---|---|---|",
            _row("right", *_cells(new, old, lambda each: f"{each.figures.accuracy:.1%}")),
            _row("confidence is off by", *_cells(new, old, lambda each: f"{each.figures.calibration_error:.3f}")),
            _row("answers none of the intents", *_cells(new, old, lambda each: f"{each.figures.none_share:.1%}")),
            _row("size, MiB", *_cells(new, old, lambda each: f"{each.size_bytes / 1024**2:.2f}")),
            _row("an utterance, ms", *_cells(new, old, lambda each: f"{each.latency_ms:.1f}")),
            "",
            "| gate | | |",
            "|---|---|---|",
            *(_row(gate.name, _mark(gate), gate.says) for gate in self.gates),
        ]
        lines += ["", "Right by slice:", "", *_parts(new.figures.slices, old.figures.slices if old else {})]
        lines += ["", "Right by class:", "", *_parts(new.figures.classes, old.figures.classes if old else {})]
        if self.set.left_out:
            left = ", ".join(f"{count} {why}" for why, count in self.set.left_out.items())
            lines += ["", f"Not in the set: {left}."]
        return "\n".join(lines) + "\n"


def _cells(new: Measured, old: Measured | None, written: Callable[[Measured], str]) -> tuple[str, str]:
    return written(new), written(old) if old is not None else ""


def _mark(gate: Gate) -> str:
    return "passed" if gate.passed else "**failed**" if gate.decides else "a person looks"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _parts(new: Mapping[str, tuple[float, int]], old: Mapping[str, tuple[float, int]]) -> list[str]:
    rows = [
        _row(name, str(count), f"{share:.1%}", f"{old[name][0]:.1%}" if name in old else "")
        for name, (share, count) in new.items()
    ]
    return [_row("", "examples", "candidate", "live"), "|---|---|---|---|", *rows] if rows else ["none"]


def _numbers(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _numbers(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
