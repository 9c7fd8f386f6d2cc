"""Unit tests: what a played call's summary says."""

from __future__ import annotations

from local.watched_call import Watched, contiguous, percentiles


def watched(*arrivals: tuple[float, float], speed: float = 1.0) -> Watched:
    seen = Watched(speed)
    for at_ms, call_ms in arrivals:
        seen.arrived(at_ms, call_ms)
    return seen


def test_a_call_without_faults_reports_none() -> None:
    assert watched((1_500, 1_000)).broken() == []


def test_a_fault_costs_what_guidance_came_later_than_before_it() -> None:
    seen = watched((1_500, 1_000), (2_500, 2_000), (6_500, 3_000), (7_500, 7_000))
    seen.faults.append((2_600, "worker-kill"))
    assert seen.broken() == [{"name": "worker-kill", "at_ms": 2_600, "guidance_delayed_ms": 3_000}]


def test_each_of_two_faults_answers_for_what_came_until_the_next() -> None:
    seen = watched((1_500, 1_000), (4_000, 2_000), (9_600, 9_000))
    seen.faults += [(2_000, "kvs-drop"), (8_000, "channel-drop")]
    assert [fault["guidance_delayed_ms"] for fault in seen.broken()] == [1_500, 100]


def test_after_a_fault_that_nothing_followed_no_delay_is_claimed() -> None:
    seen = watched((1_500, 1_000))
    seen.faults.append((2_000, "shard-down"))
    assert seen.broken()[0]["guidance_delayed_ms"] is None


def test_lags_are_taken_at_the_speed_of_the_call() -> None:
    seen = watched((750, 1_000), (1_250, 2_000), (2_750, 3_000), speed=2.0)
    seen.faults.append((1_300, "kvs-drop"))
    assert seen.broken()[0]["guidance_delayed_ms"] == 1_000


def test_at_full_speed_there_is_nothing_to_be_late_for() -> None:
    seen = watched((1_500, 1_000), speed=0.0)
    seen.faults.append((0.0, "kvs-drop"))
    assert seen.broken()[0]["guidance_delayed_ms"] is None


def test_gaps_are_filled_from_the_first_number_that_is_missing() -> None:
    assert contiguous({1, 2, 4}) == 2
    assert contiguous(set()) == 0


def test_without_values_percentiles_claim_nothing() -> None:
    assert percentiles([], (50, 95)) == {"p50": None, "p95": None}
    assert percentiles([7.0], (50,)) == {"p50": 7.0}
