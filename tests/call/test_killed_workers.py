"""Call tests: audio workers in processes of their own, killed with SIGKILL in the middle of a call."""

from __future__ import annotations

import pytest

from benchmarks import killed_workers

pytestmark = pytest.mark.call


def test_a_call_whose_worker_processes_are_killed_loses_and_doubles_nothing() -> None:
    result = killed_workers.run(kills=2, minutes=0.7, speed=3, seed=3)
    assert result["killed"] == 2
    assert result["finals"] >= 5
    assert not killed_workers.missed(result)
