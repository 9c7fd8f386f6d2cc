"""Unit: batch sizes follow the machine."""

from __future__ import annotations

from model_containers.shard.encoder.pacing import Pace


def test_full_batches_that_are_quick_grow_and_slow_ones_shrink() -> None:
    pace = Pace(target_ms=100, first=10, largest=14)
    for _ in range(9):
        pace.passed(batch=pace.size, took_ms=50, waiting=0)
    assert pace.size == 14
    pace.passed(batch=14, took_ms=200, waiting=0)
    assert pace.size == 9


def test_a_small_batch_says_nothing_about_larger_ones() -> None:
    pace = Pace(first=10)
    pace.passed(batch=3, took_ms=1, waiting=0)
    assert pace.size == 10


def test_the_size_never_falls_below_one() -> None:
    pace = Pace(target_ms=1)
    for _ in range(50):
        pace.passed(batch=1, took_ms=1_000, waiting=0)
    assert pace.size == 1


def test_traffic_that_gathers_is_a_burst_until_it_is_gone() -> None:
    pace = Pace()
    assert pace.mode == "live"
    pace.passed(batch=1, took_ms=5, waiting=6)
    assert pace.mode == "burst"
    pace.passed(batch=6, took_ms=5, waiting=0)
    pace.passed(batch=1, took_ms=5, waiting=0)
    assert pace.mode == "live" and pace.switches == 2
