"""Unit: whoever is killed at whatever checkpoint, no step is lost and none is done twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.workflows.run import RunState, WorkflowRun
from tests.unit.workflows.world import DAY_MS, NOW_MS, Killer, World

PROMISES = [
    {"text": f"promise {n}", "due": "", "due_at_ms": NOW_MS + n * DAY_MS, "rests_on": ["u1"]} for n in range(1, 4)
]
GIVES = {
    "find_promises": {"count": 3, "items": PROMISES},
    "find_spoken": {"count": 1, "items": [{"text": "I want to complain", "rests_on": ["u2"]}]},
    "note_in_crm": {"systems": ["crm"]},
}


def a_person(step: str) -> str | None:
    """Keeps some, breaks some, and leaves the last question of the complaint alone."""
    return {"kept": "kept", "taken": "taken", "call": "stays"}.get(step)


def what_came_of(run: WorkflowRun) -> Any:
    steps = [(each.key, each.state, each.by, each.result) for each in run.steps]
    return run.definition.name, run.state, [(key, state, by, str(result)) for key, state, by, result in steps]


def played(at: frozenset[int]) -> World:
    world = World(killer=Killer(at), choose=a_person, gives=GIVES)
    world.begin()
    world.settle()
    return world


QUIET = played(frozenset())
SUBJECTS = sorted(each.subject for each in QUIET.tools.done.values())
EXPECTED = sorted(what_came_of(run) for run in QUIET.all_runs())


def test_three_workflows_come_to_their_end_with_what_was_decided() -> None:
    assert [name for name, _, _ in EXPECTED] == ["churn_rescue", "complaint_hand_off", "promise_follow_up"]
    assert all(state is RunState.DONE for _, state, _ in EXPECTED)
    assert sorted(note.subject for note in QUIET.tools.done.values()) == [
        "complaint_taken", "customer_contacted", "promise_kept", "promise_kept", "promise_kept",
    ]  # fmt: skip
    assert QUIET.tools.tries == 5


@pytest.mark.parametrize("part", range(4))
def test_killed_once_at_each_checkpoint_nothing_is_lost_or_doubled(part: int) -> None:
    for at in range(part, QUIET.killer.passed, 4):
        killed = played(frozenset({at}))
        assert sorted(what_came_of(run) for run in killed.all_runs()) == EXPECTED, f"killed at {at}"
        assert sorted(each.subject for each in killed.tools.done.values()) == SUBJECTS


@settings(max_examples=60, deadline=None)
@given(st.frozensets(st.integers(0, 2 * QUIET.killer.passed), max_size=60))
def test_killed_at_any_checkpoints_nothing_is_lost_or_doubled(at: frozenset[int]) -> None:
    killed = played(at)
    assert sorted(what_came_of(run) for run in killed.all_runs()) == EXPECTED
    assert sorted(each.subject for each in killed.tools.done.values()) == SUBJECTS
