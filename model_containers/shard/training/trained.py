"""What training hands over to be packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sotto.inference.package import Calibration


@dataclass(frozen=True, slots=True)
class Trained:
    """``metrics`` come from cross-validation: no example is judged by a head that saw it."""

    files: Mapping[str, bytes]
    labels: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    calibration: Calibration = Calibration()
    metrics: Mapping[str, float] = field(default_factory=dict)
