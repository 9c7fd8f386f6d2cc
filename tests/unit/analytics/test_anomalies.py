"""Unit: what is out of the ordinary, and what is not."""

from __future__ import annotations

import random
from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.analytics.anomalies.discoveries import discoveries
from sotto.analytics.anomalies.find import Watch
from sotto.analytics.anomalies.series import WEEK_H, Series, spreads, usual
from sotto.analytics.anomalies.tails import lower_tail, upper_tail

WEEKS = 9
END = WEEK_H * WEEKS


def poisson(mean: float, rng: random.Random) -> int:
    count, product, limit = 0, rng.random(), exp(-mean)
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def quiet(name: str, rate: float, hours: int, seed: int) -> list[int]:
    rng = random.Random(f"{name} {seed}")
    return [poisson(rate * (1.5 if hour % 24 > 8 else 0.5), rng) for hour in range(hours)]


def test_tails_of_a_handful_are_poissons() -> None:
    def at_least(count: int, mean: float) -> float:
        return 1 - sum(exp(-mean) * mean**each / factorial(each) for each in range(count))

    for count in range(9):
        assert upper_tail(count, 2.5, 2.5) == pytest.approx(at_least(count, 2.5))
        assert lower_tail(count, 2.5, 2.5) == pytest.approx(1 - at_least(count + 1, 2.5))


@given(st.integers(0, 400), st.floats(0.1, 200), st.floats(1, 4))
def test_tails_are_chances_that_fall_outwards_and_grow_with_the_spread(count: int, mean: float, spread: float) -> None:
    upper, lower = upper_tail(count, mean, mean * spread), lower_tail(count, mean, mean * spread)
    assert 0 <= upper <= 1 and 0 <= lower <= 1
    assert upper + lower == pytest.approx(1 + upper - upper_tail(count + 1, mean, mean * spread), abs=1e-6)
    assert upper_tail(count + 1, mean, mean * spread) <= upper + 1e-9
    if count > 2 * mean + 8:
        assert upper <= upper_tail(count, mean, mean * (spread + 1)) + 1e-12


def test_discoveries_are_those_that_so_many_looks_do_not_explain() -> None:
    assert discoveries([0.03, 0.001, 0.5, 0.012], 0.05) == [1, 3, 0]
    assert discoveries([0.04] * 3 + [0.9] * 97, 0.05) == []
    assert discoveries([], 0.05) == []


def test_what_is_usual_is_known_by_the_same_hours_of_the_weeks_before() -> None:
    counts = [10 if hour % WEEK_H == 30 else 0 for hour in range(END)]
    found = usual(Series("x", counts), WEEK_H * 8 + 31, 1, 1.0)
    assert found is not None and found.mean == pytest.approx(10, abs=0.1) and found.weeks == 8
    assert usual(Series("x", counts), WEEK_H * 2, 4, 1.0) is None


def test_counts_that_vary_more_than_chance_have_a_larger_spread() -> None:
    rng = random.Random(1)
    steady = [Series(f"s{number}", quiet("s", 20, END, number)) for number in range(5)]
    assert all(1 <= each < 1.6 for each in spreads(steady, END, 24))
    wild = [poisson(20 * rng.choice((0.6, 1.4)), rng) for _ in range(END)]
    assert spreads([*steady, Series("wild", wild)], END, 4)[-1] > 2


def looked(extra: dict[int, int], rate: float = 12.0) -> list[tuple[str, int, bool]]:
    """What is found in the last week, where hours of one of twenty series have so many more, or fewer."""
    rows = {f"s{number}": quiet("q", rate, END, number) for number in range(20)}
    for hour, more in extra.items():
        rows["s7"][hour] = max(0, rows["s7"][hour] + more)
    watch = Watch([Series(name, counts) for name, counts in rows.items()])
    return [(each.name, end, each.is_more) for end in range(END - WEEK_H, END + 1) for each in watch.look(end)]


def test_a_quiet_week_has_nothing() -> None:
    assert looked({}) == []


def test_four_hours_of_many_more_are_found_before_they_are_over_and_once() -> None:
    begin = END - 100
    ((name, end, is_more),) = looked({begin + hour: 18 for hour in range(4)})
    assert name == "s7" and is_more and begin < end <= begin + 4


def test_a_few_an_hour_that_double_for_a_day_are_found() -> None:
    found = looked({END - 72 + hour: 4 for hour in range(24)}, rate=4.0)
    assert [(name, is_more) for name, _, is_more in found] == [("s7", True)] and found[0][1] <= END - 48


def test_a_line_that_falls_silent_is_found_as_less() -> None:
    found = looked({END - 60 + hour: -1_000 for hour in range(24)})
    assert ("s7", False) in {(name, is_more) for name, _, is_more in found}
