"""Unit: runs begin, wait, are decided on, cancelled and forked; and what is asked wrongly changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sotto.call.events import SummaryReady
from sotto.core.errors import Retryable
from sotto.workflows.advance import AdvanceOrder, GiveUpOrder, HandOffOrder, Then, advance, give_up, hand_off
from sotto.workflows.definition import Definition, Use, Wait
from sotto.workflows.interpreter import APPROVE, next_act
from sotto.workflows.run import RunState, StepRecord, StepState, WorkflowRun
from sotto.workflows.start import (
    NoSuchStep,
    NotWaiting,
    UnknownChoice,
    UnknownWorkflow,
    cancel,
    decide,
    fork,
    start_by_hand,
)
from sotto.workflows.tools import ToolOrder
from tests.unit.workflows.test_kills import GIVES, a_person
from tests.unit.workflows.world import CONTACT, DAY_MS, NOW_MS, SUMMARY, World

TITLE = {"en": "x", "de": "x"}
NOTE = Use("note", "note_in_crm", {"subject": "promise_kept", "about": "$found.items"})


def of(*steps: Any, **more: Any) -> Mapping[str, Definition]:
    return {"test": Definition("test", "d", TITLE, {}, tuple(steps), **more)}


def started(world: World, workflow: str = "complaint_hand_off") -> WorkflowRun:
    run = start_by_hand(workflow, CONTACT, "sue", world.begin_ports)
    world.settle(NOW_MS)
    return read(world, run)


def read(world: World, run: WorkflowRun) -> WorkflowRun:
    found = world.runs.run(run.tenant, run.contact_id, run.id)
    assert found is not None
    return found


def noting(gives: Mapping[str, Mapping[str, Any]]) -> World:
    """A world whose workflow notes what was spoken, without a person."""
    found = Use("found", "find_spoken", {"words": ["x"]})
    return World(definitions=of(found, NOTE), on=("test",), alone=("note_in_crm",), gives=gives)


def order(run: WorkflowRun) -> AdvanceOrder:
    return AdvanceOrder(run.tenant, run.contact_id, run.id)


def test_an_event_starts_what_is_turned_on_once_and_only_where_something_was_found() -> None:
    world = World(gives=GIVES, on=("complaint_hand_off",))
    world.begin()
    world.begin(replace(SUMMARY, number=2))
    assert [run.definition.name for run in world.all_runs()] == ["complaint_hand_off"]
    quiet = World(gives={}, on=("complaint_hand_off",))
    quiet.begin()
    quiet.begin(SummaryReady("bank", "nobody", "summary", 1, NOW_MS))
    assert not quiet.all_runs()


def test_a_run_waits_for_a_person_who_sees_what_was_found() -> None:
    world = World(gives=GIVES)
    run = started(world)
    opened = run.open_step
    assert run.state is RunState.WAITING and opened is not None and opened.key == "taken"
    assert opened.result["shown"]["spoken.items"] == GIVES["find_spoken"]["items"]
    assert run.token and world.machine.tokens == {run.token}


def test_a_decision_is_taken_once_and_the_same_again_changes_nothing() -> None:
    world = World(gives=GIVES)
    run = started(world)
    decided = decide(run, "taken", "taken", "mine", "sue", world.run_ports)
    assert decide(run, "taken", "taken", "mine", "sue", world.run_ports) == decided
    with pytest.raises(NotWaiting):
        decide(run, "taken", "no_complaint", "", "sue", world.run_ports)
    with pytest.raises(NotWaiting):
        decide(run, "taken", "taken", "", "tom", world.run_ports)
    assert read(world, run) == decided and decided.records["taken"].by == "sue"
    world.settle(NOW_MS)
    assert read(world, run).state is RunState.SLEEPING


def test_a_decision_on_what_does_not_wait_or_cannot_be_chosen_is_refused() -> None:
    world = World(gives=GIVES)
    run = started(world)
    for key in ("again", "brief", "nothing", "taken?"):
        with pytest.raises(NotWaiting):
            decide(run, key, "taken", "", "sue", world.run_ports)
    with pytest.raises(UnknownChoice, match="taken, no_complaint"):
        decide(run, "taken", "unanswered", "", "sue", world.run_ports)
    world.clock.advance(2 * DAY_MS)
    with pytest.raises(NotWaiting, match="its time is over"):
        decide(run, "taken", "taken", "", "sue", world.run_ports)


def test_nobody_who_comes_is_an_answer_and_permits_nothing() -> None:
    world = World(gives=GIVES)
    run = started(world)
    world.settle()
    done = read(world, run)
    assert done.state is RunState.DONE and not world.tools.done
    assert done.records["taken"].result["choice"] == "unanswered" and done.records["taken"].by == ""


def test_cancelled_twice_it_stays_cancelled_and_its_machine_ends() -> None:
    world = World(gives=GIVES)
    run = started(world)
    gone = cancel(run, "sue", world.run_ports)
    assert gone.state is RunState.CANCELLED and cancel(run, "tom", world.run_ports) == gone
    with pytest.raises(NotWaiting):
        decide(run, "taken", "taken", "", "sue", world.run_ports)
    world.settle()
    assert not world.machine.tokens and world.executions[0].then is Then.OVER
    assert read(world, run) == gone and not world.tools.done


def test_who_is_decided_on_before_the_machine_waits_is_not_waited_for() -> None:
    world = World(gives=GIVES)
    run = start_by_hand("complaint_hand_off", CONTACT, "sue", world.begin_ports)
    assert advance(order(run), world.ports).then is Then.PERSON
    decide(read(world, run), "taken", "no_complaint", "", "sue", world.run_ports)
    world.machine.tokens.add("late")
    hand_off(HandOffOrder("bank", "c1", run.id, "late"), world.ports)
    assert not world.machine.tokens
    hand_off(HandOffOrder("bank", "c1", "wf_of_nobody", "other"), world.ports)


def test_what_acts_outside_asks_a_person_whatever_the_definition_says() -> None:
    world = World(definitions=of(NOTE))
    run = started(world, "test")
    assert run.state is RunState.WAITING and not world.tools.done
    opened = run.open_step
    assert opened is not None and opened.key == "note?" and opened.result["shown"]["tool"] == "note_in_crm"
    decide(run, "note?", APPROVE, "", "sue", world.run_ports)
    world.settle()
    assert read(world, run).state is RunState.DONE and len(world.tools.done) == 1


def test_what_nobody_approves_is_not_done() -> None:
    world = World(definitions=of(NOTE))
    run = started(world, "test")
    world.settle()
    assert read(world, run).records["note"].state is StepState.DECLINED and not world.tools.done


def test_what_the_tenants_policy_allows_needs_nobody() -> None:
    world = World(definitions=of(NOTE), on=("test",), alone=("note_in_crm",))
    run = started(world, "test")
    assert run.state is RunState.DONE and len(world.tools.done) == 1


def test_a_permission_is_of_its_own_item_and_of_no_other() -> None:
    choices = iter(["kept", None, None, None])

    def once(step: str) -> str | None:
        return next(choices, None) if step == "kept" else None

    world = World(gives=GIVES, choose=once, on=("promise_follow_up",))
    world.begin()
    world.settle()
    (run,) = world.all_runs()
    assert [key for key in run.records if key.endswith("note_kept")] == ["each_promise[0].note_kept"]
    assert len(world.tools.done) == 1


def test_words_of_customers_are_values_and_name_nothing() -> None:
    spoken = "$kept.choice note_in_crm go: end <tool>"
    world = noting({"find_spoken": {"count": 1, "items": spoken}})
    run = started(world, "test")
    (note,) = world.tools.done.values()
    assert run.state is RunState.DONE and note.about == spoken


def test_a_tool_that_is_given_something_else_fails_the_run_where_it_stands() -> None:
    world = noting({"find_spoken": {"items": [1]}})
    run = started(world, "test")
    assert run.state is RunState.FAILED and run.records["note"].reason == "BadArguments" and not world.tools.done


def test_what_does_not_answer_is_asked_again_and_given_up_in_the_end() -> None:
    class Down(Retryable):
        pass

    class DownTools:
        def call(self, tool: str, arguments: Any, order: ToolOrder) -> Mapping[str, Any]:
            raise Down

    world = World(gives=GIVES)
    run = start_by_hand("complaint_hand_off", CONTACT, "sue", world.begin_ports)
    down = replace(world.ports, tools=DownTools())
    with pytest.raises(Down):
        advance(order(run), down)
    give_up(GiveUpOrder("bank", "c1", run.id, True), down)
    failed = read(world, run)
    assert failed.state is RunState.FAILED and failed.records["spoken"].reason == "unavailable"
    forked = fork(failed, "spoken", "sue", world.run_ports)
    world.settle(NOW_MS)
    assert read(world, forked).state is RunState.WAITING and forked.forked_from == run.id


def test_a_fork_keeps_what_came_before_its_step_and_does_the_rest_anew() -> None:
    world = World(gives=GIVES, choose=a_person, on=("complaint_hand_off",))
    world.begin()
    world.settle()
    (run,) = world.all_runs()
    asked = len(world.agents.asked)
    forked = fork(run, "taken", "sue", world.run_ports)
    assert [each.key for each in forked.steps] == ["spoken", "brief"]
    world.settle()
    assert read(world, forked).state is RunState.DONE and len(world.agents.asked) == asked
    assert len(world.tools.done) == 2 and read(world, run) == run
    with pytest.raises(NoSuchStep, match="spoken, brief"):
        fork(run, "later", "sue", world.run_ports)


def test_what_is_unknown_is_named_with_what_there_is() -> None:
    with pytest.raises(UnknownWorkflow, match="churn_rescue, complaint_hand_off, promise_follow_up"):
        start_by_hand("world_domination", CONTACT, "sue", World().begin_ports)


def test_a_run_about_what_is_erased_ends_without_a_word() -> None:
    world = World(gives=GIVES)
    run = started(world)
    world.contacts.contact_ = replace(CONTACT, erased=True)
    assert advance(order(run), world.ports).then is Then.OVER
    world.runs.forget("bank", "c1")
    assert advance(order(run), world.ports).then is Then.OVER
    give_up(GiveUpOrder("bank", "c1", run.id, True), world.ports)


def test_another_tenant_has_no_such_run() -> None:
    world = World(gives=GIVES)
    run = started(world)
    assert world.runs.run("garage", "c1", run.id) is None
    assert advance(AdvanceOrder("garage", "c1", run.id), world.ports).then is Then.OVER


def test_a_wait_lasts_as_long_as_it_says_and_no_longer_than_it_may() -> None:
    far = Wait("far", 2 * DAY_MS, "$found.due_at_ms")
    gives = {"find_promises": {"due_at_ms": NOW_MS + 300 * DAY_MS}}
    world = World(definitions=of(Use("found", "find_promises", {}), far), gives=gives)
    run = started(world, "test")
    assert run.state is RunState.SLEEPING and run.records["far"].until_ms == NOW_MS + 2 * DAY_MS
    world.clock.advance(-1_000)  # clocks jump
    assert advance(order(run), world.ports).then is Then.SLEEP
    world.settle()
    assert read(world, run).state is RunState.DONE


def test_the_interpreter_says_the_same_however_often_it_is_asked() -> None:
    run = started(World(gives=GIVES))
    first = next_act(run, frozenset({"note_in_crm"}))
    assert all(next_act(run, frozenset({"note_in_crm"})) == first for _ in range(5))


def test_a_result_that_is_too_large_fails_the_step_and_is_not_kept() -> None:
    gives = {"find_spoken": {"items": ["x" * 20_000], "count": 1}}
    world = World(definitions=of(Use("found", "find_spoken", {"words": ["x"]})), gives=gives)
    run = started(world, "test")
    assert run.state is RunState.FAILED and run.records["found"].reason == "ResultTooLarge"


def test_a_run_of_too_many_steps_fails_and_ends() -> None:
    world = World(gives=GIVES)
    run = start_by_hand("complaint_hand_off", CONTACT, "sue", world.begin_ports)
    many = tuple(StepRecord(f"x{n}", "x", "use", StepState.DONE, NOW_MS) for n in range(200))
    world.runs.replace(replace(run, steps=many, version=2))
    assert advance(order(run), world.ports).then is Then.OVER
    assert read(world, run).state is RunState.FAILED
