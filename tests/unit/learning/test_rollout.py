"""Unit: the judgement of a version on trial. Its error rates are a benchmark's: benchmarks/rollout.py."""

from __future__ import annotations

import random

import pytest

from sotto.learning.rollout.judge import Step, Trial, judge, next_percent
from sotto.learning.rollout.sequential import (
    Counted,
    Difference,
    difference,
    evidence,
    evidence_below,
    evidence_of_more,
    evidence_of_uneven,
    radius,
)


def by_agent(live: float, candidate: float, each: int = 60, agents: int = 20) -> dict[str, tuple[Counted, Counted]]:
    return {
        f"a{place}": (Counted(each, round(each * live)), Counted(each, round(each * candidate)))
        for place in range(agents)
    }


def test_much_less_used_is_taken_back_and_much_more_used_is_widened() -> None:
    assert judge(Trial(50, by_agent(0.7, 0.5))).why == "used"
    assert judge(Trial(50, by_agent(0.7, 0.5))).step is Step.ROLL_BACK
    assert judge(Trial(50, by_agent(0.5, 0.7))).step is Step.WIDEN


def test_the_same_use_is_widened_once_it_is_surely_not_worse() -> None:
    assert judge(Trial(50, by_agent(0.7, 0.7, each=10))).step is Step.WAIT
    assert judge(Trial(50, by_agent(0.7, 0.7, each=1_000))).why == "surely not worse"


def test_too_little_says_nothing() -> None:
    assert judge(Trial(50)).step is Step.WAIT
    assert difference(by_agent(0.9, 0.1, each=1)) is None, "of each too few"
    assert difference(by_agent(0.9, 0.1, agents=3)) is None, "three people are no crowd"


def test_one_agent_who_dismisses_everything_takes_nothing_back() -> None:
    """An adversary: the variance is that between agents, and one is an exception."""
    counts = by_agent(0.1, 0.1, each=20)
    for name in ("adversary",):
        counts[name] = (Counted(100, 0), Counted(100, 100))
    assert judge(Trial(50, by_agent(0.7, 0.7, each=20), dismissed=counts)).step is not Step.ROLL_BACK
    crowd = by_agent(0.1, 0.4, each=20)
    assert judge(Trial(50, by_agent(0.7, 0.7, each=20), dismissed=crowd)).why == "dismissed"


def test_failures_take_back_soon_and_by_themselves() -> None:
    assert judge(Trial(50, asked=(100, 100), failed=(0, 12))).why == "failed"
    assert judge(Trial(50, asked=(100, 100), failed=(6, 6))).step is Step.WAIT
    assert judge(Trial(50, asked=(1000, 1000), none=(200, 340))).why == "none"


def test_calls_that_are_not_divided_as_they_should_be_say_nothing() -> None:
    assert judge(Trial(10, by_agent(0.5, 0.9), calls=(800, 200))).step is Step.STOP
    assert judge(Trial(20, calls=(800, 200))).step is Step.WAIT
    assert evidence_of_uneven(0, 0, 0.5) == pytest.approx(1.0)


def test_the_evidence_is_a_fair_bet_where_nothing_differs() -> None:
    """What a supermartingale has to be: its mean at any fixed time is at most one."""
    source = random.Random(11)
    variance = 0.02**2
    draws = [Difference(source.gauss(0.0, variance**0.5), variance) for _ in range(20_000)]
    for of in (evidence, evidence_below):
        assert sum(of(each, tau=0.1) for each in draws) / len(draws) < 1.1, of.__name__


def test_evidence_below_looks_one_way() -> None:
    worse, better = Difference(-0.1, 0.0004), Difference(0.1, 0.0004)
    assert evidence_below(worse, tau=0.1) > evidence(worse, tau=0.1) > 100
    assert evidence_below(better, tau=0.1) < 0.1
    assert evidence_below(Difference(-5.0, 1e-9), tau=0.1) > 1e6, "no overflow"


def test_the_interval_narrows_and_holds_what_it_is_around() -> None:
    wide, narrow = (radius(Difference(0.0, variance), tau=0.1, alpha=0.05) for variance in (0.01, 0.0001))
    assert wide > narrow > 1.96 * 0.01


def test_rare_events_count_one_way_too() -> None:
    assert evidence_of_more(0, 0, 0.5) == 1.0
    assert evidence_of_more(10, 0, 0.5) < 0.2
    assert evidence_of_more(20, 20, 0.5) > 1_000


def test_shares_grow_step_by_step() -> None:
    assert [next_percent(share) for share in (0, 10, 30, 50)] == [10, 30, 50, None]
