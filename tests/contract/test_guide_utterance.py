"""Contract: guide_utterance.asl.json, run unchanged, when nodes hang and delivery is busy; and Parallel beside it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from local.aws.resources import ROLE
from local.aws.stack import EmbeddedAws
from sotto.core.function_spec import FunctionSpec
from tests.contract.test_step_functions import Stage, calls, start


class ConversationBusy(Exception):
    """Its name is what the state machine retries on."""


class Troubled(Stage):
    """Delivery is busy once; the node ``hangs`` answers only when the test is over."""

    def __init__(self, aws: EmbeddedAws) -> None:
        super().__init__(aws)
        self.busy = 0
        self.over = threading.Event()

    def route(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        if event["node"]["id"] == "hangs":
            self.over.wait(10)
        return super().route(event, context)

    def deliver(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        if self.busy:
            self.busy -= 1
            raise ConversationBusy("others changed it")
        return super().deliver(event, context)


@pytest.fixture
def stage() -> Iterator[Troubled]:
    with EmbeddedAws() as aws:
        troubled = Troubled(aws)
        yield troubled
        troubled.over.set()


def test_a_busy_conversation_is_delivered_to_again(stage: Troubled) -> None:
    stage.busy = 1
    start(stage, stage.open(), calls("intent"))
    assert stage.done.wait(20)
    assert stage.busy == 0
    assert [each["node_id"] for each in stage.delivered[0]["results"]] == ["intent"]


def test_a_router_that_hangs_costs_its_own_node_only(stage: Troubled) -> None:
    start(stage, stage.open(), calls("intent", "hangs"))
    assert stage.done.wait(20)
    intent, late = stage.delivered[0]["results"]
    assert intent["status"] == "ok"
    assert (late["node_id"], late["status"], late["reason"]) == ("hangs", "failed", "States.Timeout")


def test_branches_of_a_parallel_state_run_together_and_keep_their_order(stage: Troubled) -> None:
    both, delivered, results = threading.Barrier(2), threading.Event(), []

    def branch(event: Any, context: Any) -> Any:
        both.wait(10)
        return event

    def deliver(event: Any, context: Any) -> None:
        results.append(event)
        delivered.set()

    first = stage.aws.functions.register(FunctionSpec("branch", "none", 10), branch)
    last = stage.aws.functions.register(FunctionSpec("deliver", "none", 10), deliver)
    arn = stage.client("stepfunctions").create_state_machine(
        name="parallel", definition=json.dumps(two_branches(first, last)), roleArn=ROLE, type="EXPRESS"
    )["stateMachineArn"]
    start(stage, arn, [])
    assert delivered.wait(20)
    assert results == [["left", "right"]]


def two_branches(branch: str, deliver: str) -> dict[str, Any]:
    def task(function: str, payload: str) -> dict[str, Any]:
        arguments = {"FunctionName": function, "Payload": payload}
        output = "{% $states.result.Payload %}"
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": arguments,
            "Output": output if function == branch else {},
            "End": True,
        }

    sides = [{"StartAt": "Side", "States": {"Side": task(branch, side)}} for side in ("left", "right")]
    states = {
        "Both": {"Type": "Parallel", "Branches": sides, "Next": "Tell"},
        "Tell": task(deliver, "{% $states.input %}"),
    }
    return {"QueryLanguage": "JSONata", "StartAt": "Both", "States": states}
