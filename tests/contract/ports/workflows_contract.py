"""What every store of workflows' runs, and every machine that carries them on, must do: classes of tests to inherit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sotto.call.events import WorkflowEnded, WorkflowStarted, WorkflowWaiting
from sotto.workflows.definition import Choice, Definition, Human
from sotto.workflows.run import RunState, StepRecord, StepState, WorkflowRun
from sotto.workflows.store import AlreadyStarted, Machine, RunChanged, Runs, WorkflowOrder

NOW_MS = 1_790_000_000_000
HUMAN = Human("kept", {"en": "Kept?", "de": "Gehalten?"}, (Choice("yes", {"en": "Yes", "de": "Ja"}),), 1_000, "no")
DEFINITION = Definition("follow_up", "d", {"en": "Follow up", "de": "Nachhalten"}, {}, (HUMAN,))


def run_id(n: int) -> str:
    return f"wf_{NOW_MS + n:013d}_{n:016x}"


def any_run(n: int = 1, **changes: Any) -> WorkflowRun:
    made = WorkflowRun("bank", "c1", run_id(n), DEFINITION, "sue", NOW_MS + n, NOW_MS + n, agent="emma", team="service")
    return replace(made, **changes)


def started(run: WorkflowRun) -> WorkflowStarted:
    return WorkflowStarted.of(run.tenant, run.contact_id, run=run.id, version=run.version, at_ms=run.started_at_ms)


def waiting(run: WorkflowRun) -> WorkflowRun:
    record = StepRecord(
        "kept", "kept", "human", StepState.OPEN, NOW_MS, NOW_MS + 1_000, {"shown": {"a": [1, "b"]}}, opened_at_ms=NOW_MS
    )
    return run.with_step(record, RunState.WAITING, NOW_MS)


class RunsContract:
    """A subclass gives ``runs``, and ``events``: the names of those stored about contact c1, sorted (fixtures)."""

    def test_of_what_nobody_started_there_is_nothing(self, runs: Runs) -> None:
        assert runs.run("bank", "c1", run_id(1)) is None and runs.contact_of("bank", run_id(1)) is None
        assert not runs.listed("bank", waiting=False, before="", limit=9)
        assert runs.forget("bank", "c1") == 0

    def test_a_run_is_kept_as_it_is_with_its_event(self, runs: Runs, events: Callable[[], list[str]]) -> None:
        run = any_run()
        runs.create(run, started(run))
        assert runs.run("bank", "c1", run.id) == run and runs.contact_of("bank", run.id) == "c1"
        later = waiting(run)
        runs.replace(later, WorkflowWaiting.of("bank", "c1", run=run.id, version=2, at_ms=NOW_MS))
        assert runs.run("bank", "c1", run.id) == later
        assert events() == [f"workflow.started#{run.id}#1", f"workflow.waiting#{run.id}#2"]

    def test_of_two_who_write_at_once_one_is_refused_and_his_event_with_him(
        self, runs: Runs, events: Callable[[], list[str]]
    ) -> None:
        run = any_run()
        runs.create(run, started(run))
        with pytest.raises(RunChanged):
            runs.create(run, started(replace(run, version=7)))
        runs.replace(run.in_state(RunState.DONE, NOW_MS))
        with pytest.raises(RunChanged):
            runs.replace(waiting(run), WorkflowEnded.of("bank", "c1", run=run.id, version=2, at_ms=NOW_MS))
        assert events() == [f"workflow.started#{run.id}#1"]
        with pytest.raises(RunChanged):
            runs.replace(any_run(2).in_state(RunState.DONE, NOW_MS))

    def test_an_event_starts_a_workflow_once_for_a_conversation(self, runs: Runs) -> None:
        runs.create(any_run(1), started(any_run(1)), once=True)
        with pytest.raises(AlreadyStarted):
            runs.create(any_run(2), started(any_run(2)), once=True)
        runs.create(any_run(3), started(any_run(3)))
        other = any_run(4, contact_id="c2")
        runs.create(other, started(other), once=True)
        assert list(runs.of_contact("bank", "c1")) == [run_id(1), run_id(3)]

    def test_they_are_listed_the_latest_first_page_by_page_and_those_that_wait_apart(self, runs: Runs) -> None:
        for n in (1, 3, 2):
            runs.create(any_run(n), started(any_run(n)))
        runs.replace(waiting(any_run(2)))
        first = runs.listed("bank", waiting=False, before="", limit=2)
        assert [each.id for each in first] == [run_id(3), run_id(2)]
        assert [each.id for each in runs.listed("bank", waiting=False, before=run_id(2), limit=2)] == [run_id(1)]
        (row,) = runs.listed("bank", waiting=True, before="", limit=9)
        assert (row.id, row.state, row.waits_since_ms, row.team) == (run_id(2), RunState.WAITING, NOW_MS, "service")
        assert row.title == {"en": "Follow up", "de": "Nachhalten"}
        assert not runs.listed("garage", waiting=False, before="", limit=9)
        runs.replace(waiting(any_run(2)).in_state(RunState.CANCELLED, NOW_MS))
        assert not runs.listed("bank", waiting=True, before="", limit=9)

    def test_what_is_forgotten_is_gone_from_everywhere(self, runs: Runs) -> None:
        for n in (1, 2):
            runs.create(any_run(n), started(any_run(n)))
        runs.replace(waiting(any_run(2)))
        other = any_run(3, contact_id="c2")
        runs.create(other, started(other))
        assert runs.forget("bank", "c1") == 2 and runs.forget("bank", "c1") == 0
        assert [each.id for each in runs.listed("bank", waiting=False, before="", limit=9)] == [run_id(3)]
        assert not runs.listed("bank", waiting=True, before="", limit=9)
        assert runs.run("bank", "c1", run_id(1)) is None and not runs.of_contact("bank", "c1")


class MachineContract:
    """A subclass gives ``machine``, and ``token``: of a task that waits (fixtures)."""

    def test_a_run_is_started_once(self, machine: Machine) -> None:
        order = WorkflowOrder("bank", "c1", run_id(1))
        assert machine.start(order)
        machine.start(order)  # as the first time, or False: nothing more is started

    def test_a_task_that_waits_is_answered_once(self, machine: Machine, token: str) -> None:
        assert machine.answer(token)
        assert not machine.answer(token)
        assert not machine.answer("no-such-token")
