"""What training hands over to be packed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sotto.models.package import Calibration

Progress = Callable[[str, float], None]
"""Told what is being done, and which share of the whole is done."""


def silently(what: str, share: float) -> None:
    """For where nobody watches."""


def part_of(progress: Progress, start: float, end: float) -> Progress:
    """For a step that counts from 0 to 1 and is only a part of the whole."""
    return lambda what, share: progress(what, start + (end - start) * share)


@dataclass(frozen=True, slots=True)
class Trained:
    """``metrics`` come from cross-validation: no example is judged by a head that saw it. ``gates``: metric -> what
    training aims at, at least."""

    files: Mapping[str, bytes]
    labels: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    calibration: Calibration = Calibration()
    metrics: Mapping[str, float] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)
