"""How good a version is on examples that none learned from: in all, by class and by slice. No text, no identity."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sotto.core.errors import Rejected
from sotto.learning.example import NONE_OF_THESE, Example

BINS = 10


class NotAnAnswer(Rejected):
    """A version answers with what is no probability, or with a label that it does not have: it cannot be judged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a version says of one example. ``confidence``: 0..1."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Figures:
    """``calibration_error``: how far confidence is from being right, expected over ten bins. ``none_share``: of what is
    answered with none of the intents. ``classes``, ``slices``: accuracy by name, with how many they rest on."""

    examples: int
    accuracy: float
    calibration_error: float
    none_share: float
    classes: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    slices: Mapping[str, tuple[float, int]] = field(default_factory=dict)


SLICES: Mapping[str, Callable[[Example], bool]] = {
    "few words": lambda each: len(each.text.split()) <= 5,
    "many words": lambda each: len(each.text.split()) > 15,
    "recogniser unsure": lambda each: each.confidence < 0.8,
    "recogniser sure": lambda each: each.confidence >= 0.8,
    "from corrections": lambda each: each.source.value == "correction",
}
"""By what is known without asking who anybody is."""


def figures_of(examples: Sequence[Example], answers: Sequence[Answer]) -> Figures:
    """Raises NotAnAnswer."""
    right = rightness(examples, answers)
    count = len(examples)
    return Figures(
        examples=count,
        accuracy=_share(right),
        calibration_error=_calibration_error(answers, right),
        none_share=_share([answer.label == NONE_OF_THESE for answer in answers]),
        classes={
            label: _of(right, [each.label == label for each in examples])
            for label in sorted({each.label for each in examples})
        },
        slices={
            name: found
            for name, belongs in SLICES.items()
            if (found := _of(right, [belongs(each) for each in examples]))[1]
        },
    )


def rightness(examples: Sequence[Example], answers: Sequence[Answer]) -> list[bool]:
    if len(examples) != len(answers):
        raise NotAnAnswer(f"{len(answers)} answers to {len(examples)} examples: ask the version again")
    for answer in answers:
        if not (math.isfinite(answer.confidence) and 0 <= answer.confidence <= 1):
            raise NotAnAnswer("confidence: is no number from 0 to 1; the version is broken, train it again")
    return [answer.label == each.label for each, answer in zip(examples, answers, strict=True)]


def _share(which: Sequence[bool]) -> float:
    return sum(which) / len(which) if which else 0.0


def _of(right: Sequence[bool], belongs: Sequence[bool]) -> tuple[float, int]:
    mine = [each for each, is_mine in zip(right, belongs, strict=True) if is_mine]
    return _share(mine), len(mine)


def _calibration_error(answers: Sequence[Answer], right: Sequence[bool]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for answer, is_right in zip(answers, right, strict=True):
        bins.setdefault(min(int(answer.confidence * BINS), BINS - 1), []).append((answer.confidence, is_right))
    return sum(
        abs(sum(sure for sure, _ in each) - sum(is_right for _, is_right in each)) for each in bins.values()
    ) / max(1, len(answers))
