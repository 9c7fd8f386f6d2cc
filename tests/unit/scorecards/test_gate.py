"""Unit: which questions a machine may answer alone, by simulated raters of known error. People are another matter: see
docs/unverified.md."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest

from sotto.scorecards.evaluation import Kind, Rating
from sotto.scorecards.gate import MARGIN, Agreement, Decision, agreement


def simulated(
    calls: int, *, machine_error: float, human_error: float, seed: int = 3, raters: int = 2, share: float = 0.6
) -> Iterator[Rating]:
    """Each rater turns the truth around with their error, independently of the others."""
    rng = random.Random(seed)

    def rated(truth: str, error: float) -> str:
        return truth if rng.random() >= error else {"yes": "no", "no": "yes"}[truth]

    for n in range(calls):
        truth = "yes" if rng.random() < share else "no"
        yield Rating(f"c{n}", "greet", "machine", Kind.MACHINE, "v", rated(truth, machine_error))
        for rater in range(raters):
            yield Rating(f"c{n}", "greet", f"person {rater}", Kind.CALIBRATION, "v", rated(truth, human_error))


def of(ratings: Iterable[Rating]) -> Agreement:
    return agreement("greet", ratings, resamples=50)


def judged(calls: int = 600, **errors: float) -> Agreement:
    return of(simulated(calls, **errors))  # type: ignore[arg-type]  # errors are floats


def test_a_machine_as_good_as_people_is_released() -> None:
    found = judged(machine_error=0.05, human_error=0.05)
    assert found.decision is Decision.RELEASED
    assert found.machine_human is not None and found.human_human is not None
    assert found.machine_human == pytest.approx(found.human_human, abs=0.1)


def test_a_better_one_is_too_and_a_worse_one_is_held() -> None:
    assert judged(machine_error=0.01, human_error=0.1).decision is Decision.RELEASED
    assert judged(machine_error=0.2, human_error=0.05).decision is Decision.HELD


def test_kappa_is_what_the_errors_say() -> None:
    """Of two raters who err independently by e, where as many answers are yes as no: (1 - 2e) squared."""
    found = of(simulated(4_000, machine_error=0.05, human_error=0.05, share=0.5))
    assert found.human_human == pytest.approx(0.81, abs=0.03)
    assert found.alpha == pytest.approx(found.human_human, abs=0.02)


def test_the_margin_is_exactly_what_is_written() -> None:
    found = judged(machine_error=0.06, human_error=0.05)
    assert found.machine_human is not None and found.human_human is not None
    assert (found.decision is Decision.RELEASED) is (found.machine_human >= found.human_human - MARGIN)


def test_nothing_is_released_on_few_calls_or_one_rater() -> None:
    assert judged(calls=49, machine_error=0.0, human_error=0.0).decision is Decision.TOO_FEW
    alone = of(simulated(600, machine_error=0.0, human_error=0.0, raters=1))
    assert (alone.decision, alone.calls) == (Decision.TOO_FEW, 0)


def test_who_has_seen_the_machines_answer_does_not_count() -> None:
    seen = [
        Rating(each.contact_id, each.question, each.by, Kind.REVIEW, "v", each.value)
        if each.kind is Kind.CALIBRATION
        else each
        for each in simulated(600, machine_error=0.0, human_error=0.0)
    ]
    assert of(seen).calls == 0


def test_what_a_machine_leaves_open_is_no_agreement() -> None:
    open_ones = [
        Rating(each.contact_id, each.question, each.by, each.kind, "v", "open") if each.kind is Kind.MACHINE else each
        for each in simulated(600, machine_error=0.0, human_error=0.02)
    ]
    assert of(open_ones).decision is Decision.HELD


def test_intervals_hold_the_figures_and_narrow_with_calls() -> None:
    few, many = judged(60, machine_error=0.05, human_error=0.05), judged(2_000, machine_error=0.05, human_error=0.05)
    widths = []
    for found in (few, many):
        interval = found.machine_human_interval
        assert interval is not None and found.machine_human is not None
        assert interval.low <= found.machine_human <= interval.high
        widths.append(interval.high - interval.low)
    assert widths[1] < widths[0] / 2
