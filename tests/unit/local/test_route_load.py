"""Unit: when a load is too much, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.route_load import INTERPRETER, MACHINE, SHARD, Step, draw, summary

FINE = Step(10, 40, 50, 90, (0, 1), {INTERPRETER: 0.5, SHARD: 0.6, MACHINE: 0.55}, {"invocations a round": 1.2})
LATE = replace(FINE, calls=20, p95_ms=170, busy={INTERPRETER: 0.97, SHARD: 0.7, MACHINE: 0.8})
QUEUED = replace(FINE, calls=20, waiting=(0, 30))


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (LATE, "at 20 p95 was 170 ms; busiest: the stack's one interpreter (97%)"),
        (QUEUED, "at 20 a queue grew; busiest: the shard (60%)"),
    ],
)
def test_the_last_step_says_what_was_too_much(last: Step, why: str, tmp_path: Path) -> None:
    text = summary([FINE, last])
    assert text.splitlines()[:2] == ["calls at once at p95 <= 150 ms: 10", why]
    draw([FINE, last], tmp_path / "load.svg")
    assert (tmp_path / "load.svg").exists()


def test_steps_that_were_all_fine_blame_nobody() -> None:
    assert "busiest" not in summary([FINE])
