"""Contract: after_call.asl.json, run unchanged: which steps run in which order, what a failure does, and the names of
executions."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from functions.specs import everything
from local.aws import step_functions
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.options import REPOSITORY
from sotto.after_call.adapters.step_functions import StepFunctionsWorkflow
from sotto.after_call.workflow.start import Workflow
from sotto.call.after_call_work import StepOrder
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import AFTER_CALL, PlannedStep, Resources, resources_of
from sotto.core.triggers import StepOf, TaskOf
from tests.contract.ports.workflow_contract import WorkflowContract
from tests.fakes.workflow import WorkflowInMemory

WITHIN_S = 60.0
ORDER = {"tenant": "bank", "contact_id": "c1"}


def step(name: str, **how: Any) -> FunctionSpec:
    return FunctionSpec(name, "none", 5, triggers=(StepOf(AFTER_CALL, **how),))


TRACK = FunctionSpec("track_after_call", "none", 5, triggers=(TaskOf(AFTER_CALL),))
STEPS = (
    step("summarise", early=True),
    step("score", after=("suggest",)),
    step("suggest", after=("summarise",)),
    step("redact", branch="recording", awaits=("recording.available",)),
    step("file", branch="crm", stage="filed"),
)


class Office:
    """The machine over steps of the test's own. ``failing``: how often each fails before it does not."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        self.whole = True
        self.failing: dict[str, int] = {}
        self.to_come: dict[str, int] = {}
        self.run: list[tuple[str, Any]] = []
        self.tracked: list[dict[str, Any]] = []
        machine = resources_of((*STEPS, TRACK, *_needing())).state_machines[0]
        arns = create(
            Resources(functions=(*STEPS, TRACK), state_machines=(machine,)), aws.functions, aws.engineer, REPOSITORY
        )
        for spec in STEPS:
            aws.functions.register(spec, lambda event, _, name=spec.name: self._step(name, event))
        aws.functions.register(TRACK, self._track)
        self.arn = arns[AFTER_CALL.name]

    def _step(self, name: str, event: Any) -> dict[str, str]:
        self.run.append((name, event))
        if self.failing.get(name, 0) > 0:
            self.failing[name] -= 1
            raise ValueError("a step that does not do")
        if self.to_come.get(name, 0) > 0:
            self.to_come[name] -= 1
            return {"outcome": "pending"}
        return {"outcome": "done"}

    def _track(self, event: dict[str, Any], _: Any) -> dict[str, bool]:
        self.tracked.append(event)
        return {"whole": self.whole} if "steps" in event else {}

    def execute(self, name: str = "c1-1", **asked: str) -> str:
        client = self.aws.engineer("stepfunctions")
        started = client.start_execution(stateMachineArn=self.arn, name=name, input=json.dumps(ORDER | asked))
        give_up_at = time.monotonic() + WITHIN_S
        while step_functions.running():
            assert time.monotonic() < give_up_at
            threading.Event().wait(0.05)
        return str(client.describe_execution(executionArn=started["executionArn"])["status"])

    def transitions(self) -> int:
        """States entered in the latest execution: what AWS charges for."""
        client = self.aws.engineer("stepfunctions")
        latest = client.list_executions(stateMachineArn=self.arn)["executions"][0]["executionArn"]
        pages = client.get_paginator("get_execution_history").paginate(executionArn=latest)
        return sum(each["type"].endswith("StateEntered") for page in pages for each in page["events"])

    def ran(self) -> list[str]:
        return [name for name, _ in self.run]


def _needing() -> tuple[FunctionSpec, ...]:
    """Whoever starts it: the machine is there because of that."""
    return tuple(spec for spec in everything().functions if spec.name == "start_after_call")


@pytest.fixture
def office() -> Iterator[Office]:
    with EmbeddedAws() as aws:
        yield Office(aws)


def test_the_plan_comes_of_what_functions_say_of_themselves() -> None:
    machine = resources_of((*STEPS, TRACK, *_needing())).state_machines[0]
    summarise, suggest, score = PlannedStep("summarise", early=True), PlannedStep("suggest"), PlannedStep("score")
    made, filed = machine.plan
    assert made == ((summarise, suggest, score), (PlannedStep("redact", awaits=("recording.available",)),))
    assert filed == ((PlannedStep("file"),),)


@pytest.mark.parametrize("after", [("nobody",), ("b",)])
def test_a_step_that_can_never_come_is_refused(after: tuple[str, ...]) -> None:
    steps = (step("a", after=after), step("b", after=("a",)))
    with pytest.raises(ValueError, match="steps without an order: a, b"):
        resources_of((*steps, *_needing()))


def test_each_step_runs_once_after_those_that_it_follows_and_gets_ids_alone(office: Office) -> None:
    assert office.execute() == "SUCCEEDED"
    assert sorted(office.ran()) == ["file", "redact", "score", "suggest", "summarise"]
    assert [name for name in office.ran() if name in ("summarise", "suggest", "score")] == [
        "summarise", "suggest", "score",
    ]  # fmt: skip
    assert office.ran()[-1] == "file"
    assert all(event == ORDER for _, event in office.run)
    begun, *noted = office.tracked
    assert begun == {**ORDER, "steps": ["summarise", "suggest", "score", "redact", "file"]}
    assert {(each["step"], each["outcome"]) for each in noted} == {(spec.name, "done") for spec in STEPS}


def test_while_more_of_the_transcript_comes_only_what_is_worth_it_early_runs(office: Office) -> None:
    office.whole = False
    assert office.execute() == "SUCCEEDED"
    assert office.ran() == ["summarise"]
    assert office.transitions() == 4 + (7 + 3) + 2 + 3 + 2, "which are paid for"


def test_what_is_awaited_runs_its_step_alone_whole_or_not(office: Office) -> None:
    office.whole = False
    assert office.execute(asked="recording.available") == "SUCCEEDED"
    assert office.ran() == ["redact"]
    assert office.tracked[0] == {**ORDER, "steps": ["redact"]}
    assert office.execute("c1-2", asked="conversation.ended") == "SUCCEEDED"
    assert office.ran() == ["redact", "summarise"]


def test_what_is_still_to_come_is_waited_for_by_the_step_that_awaits_it_and_by_no_other(office: Office) -> None:
    office.to_come = {"redact": 2}
    began = time.monotonic()
    assert office.execute(asked="transcript.completed") == "SUCCEEDED"
    assert time.monotonic() - began < 5
    assert office.ran().count("redact") == 1 and "file" in office.ran()
    assert ("redact", "pending") in {(each["step"], each["outcome"]) for each in office.tracked[1:]}
    assert office.execute("c1-2", asked="recording.available") == "SUCCEEDED"
    assert office.ran().count("redact") == 3 and time.monotonic() - began >= 1
    assert (office.tracked[-1]["step"], office.tracked[-1]["outcome"]) == ("redact", "done")


def test_a_step_that_fails_is_tried_again_and_then_noted_and_the_others_go_on(office: Office) -> None:
    office.failing = {"suggest": 99, "redact": 1}
    assert office.execute() == "SUCCEEDED"
    assert office.ran().count("suggest") == 3 and office.ran().count("redact") == 2
    outcomes = {each["step"]: each["outcome"] for each in office.tracked[1:]}
    assert outcomes == {
        "summarise": "done", "suggest": "failed", "score": "done", "redact": "done", "file": "done",
    }  # fmt: skip
    assert "does not do" not in json.dumps(office.tracked)


def test_the_same_name_again_is_refused_once_the_execution_has_ended(office: Office) -> None:
    workflow = StepFunctionsWorkflow(office.aws.engineer("stepfunctions"), office.arn)
    assert workflow.start("c1-1", StepOrder("bank", "c1"), "conversation.ended")
    give_up_at = time.monotonic() + WITHIN_S
    while step_functions.running():
        assert time.monotonic() < give_up_at
        threading.Event().wait(0.05)
    assert not workflow.start("c1-1", StepOrder("bank", "c1"), "conversation.ended")
    assert office.ran().count("summarise") == 1


class TestStepFunctionsWorkflow(WorkflowContract):
    @pytest.fixture
    def workflow(self, office: Office) -> Workflow:
        return StepFunctionsWorkflow(office.aws.engineer("stepfunctions"), office.arn)


class TestWorkflowInMemory(WorkflowContract):
    @pytest.fixture
    def workflow(self) -> Workflow:
        return WorkflowInMemory()
