"""What a candidate must pass before any call is answered by it, beside the version that is live."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sotto.learning.releases.figures import Figures

ENOUGH = 30
"""Examples to judge by. With fewer, what they say is chance, and a person decides."""
MOST_LOST = 0.01
SURELY = 0.05
CLASS_OF, CLASS_LOSES = 10, 0.1
SLICE_OF, SLICE_LOSES = 50, 0.02
CALIBRATION, CALIBRATION_LOSES = 0.1, 0.02
LARGEST_BYTES = 64 * 1024**2
SLOWER, SLOWER_MS = 1.5, 5.0
MUCH_SLOWER, MUCH_SLOWER_MS = 4.0, 50.0
"""In between, the machine may have been busy: a person looks."""


@dataclass(frozen=True, slots=True)
class Gate:
    """``says``: in plain words, for the release card. ``decides``: it fails the candidate; otherwise a person looks."""

    name: str
    passed: bool
    says: str
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """``latency_ms``: median of one text at a time. ``right``: of the examples that both versions were asked."""

    version: str
    figures: Figures
    size_bytes: int
    latency_ms: float
    right: Sequence[bool] = field(default=(), repr=False)


def gates_of(candidate: Measured, live: Measured | None, *, trained_labels: int) -> tuple[Gate, ...]:
    """``live`` None: it is the first version, and is judged by itself. Never raises: what is no number fails."""
    return (
        *_whole(candidate, trained_labels),
        *(_beside(candidate, live) if live is not None else ()),
    )


def _whole(candidate: Measured, trained_labels: int) -> Iterator[Gate]:
    found = candidate.figures
    numbers = (found.accuracy, found.calibration_error, found.none_share, candidate.latency_ms)
    yield Gate("numbers", all(math.isfinite(each) for each in numbers), "every figure is a number")
    yield Gate("labels", trained_labels >= 2, f"it tells {trained_labels} labels apart; two are the least")
    yield Gate(
        "enough",
        found.examples >= ENOUGH,
        f"it is judged by {found.examples} examples; {ENOUGH} are enough to decide by",
        decides=False,
    )
    yield Gate(
        "size",
        candidate.size_bytes <= LARGEST_BYTES,
        f"the package has {candidate.size_bytes / 1024**2:.1f} MiB, of {LARGEST_BYTES // 1024**2}",
    )


def _beside(candidate: Measured, live: Measured) -> Iterator[Gate]:
    new, old = candidate.figures, live.figures
    enough = new.examples >= ENOUGH
    yield Gate(
        "accuracy",
        new.accuracy >= old.accuracy - MOST_LOST,
        f"right on {new.accuracy:.1%} of the regression examples, the live version on {old.accuracy:.1%}",
        enough,
    )
    broken, mended = _changed(candidate.right, live.right)
    worse = sign_test(broken, mended)
    yield Gate(
        "regressions",
        worse > SURELY,
        f"wrong where the live version is right: {broken}; right where it is wrong: {mended}",
        enough,
    )
    yield Gate("classes", *_parts(new.classes, old.classes, CLASS_OF, CLASS_LOSES, "class"))
    yield Gate("slices", *_parts(new.slices, old.slices, SLICE_OF, SLICE_LOSES, "slice"))
    most = max(CALIBRATION, old.calibration_error + CALIBRATION_LOSES)
    yield Gate(
        "calibration",
        new.calibration_error <= most,
        f"its confidence is off by {new.calibration_error:.3f}, the live version's by {old.calibration_error:.3f}",
        enough,
    )
    most_ms = live.latency_ms * SLOWER + SLOWER_MS
    yield Gate(
        "latency",
        candidate.latency_ms <= most_ms,
        f"{candidate.latency_ms:.1f} ms an utterance, the live version {live.latency_ms:.1f} ms",
        candidate.latency_ms > live.latency_ms * MUCH_SLOWER + MUCH_SLOWER_MS,
    )


def _parts(
    new: Mapping[str, tuple[float, int]],
    old: Mapping[str, tuple[float, int]],
    least: int,
    loses: float,
    what: str,
) -> tuple[bool, str]:
    both = [name for name in new if name in old and new[name][1] >= least]
    worse = [name for name in both if new[name][0] < old[name][0] - loses]
    if not both:
        return True, f"no {what} has {least} examples to be judged by"
    if not worse:
        return True, f"none of {len(both)} {what}s of {least} examples loses more than {loses:.0%}"
    first = worse[0]
    lost = f"{old[first][0]:.1%} to {new[first][0]:.1%} of {new[first][1]}"
    return False, f"{len(worse)} of {len(both)} {what}s lose more than {loses:.0%}: {first} ({lost})"


def _changed(new: Sequence[bool], old: Sequence[bool]) -> tuple[int, int]:
    """Of the examples that both answered: broken, mended."""
    pairs = list(zip(new, old, strict=True))
    return sum(was and not now for now, was in pairs), sum(now and not was for now, was in pairs)


def sign_test(broken: int, mended: int) -> float:
    """How likely as many broken ones are, or more, where breaking and mending are as likely."""
    total = broken + mended
    return sum(math.comb(total, k) for k in range(broken, total + 1)) / 2**total if total else 1.0
