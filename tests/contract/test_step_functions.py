"""Contract: moto's Step Functions with our hooks, against what AWS documents."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.stepfunctions.parser.api import ExecutionStatus

from local.aws.jsonata_expressions import EvaluationFailed, evaluate
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.aws.step_functions import KEPT_EXECUTIONS, _forget_ended
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import Resources, StateMachineSpec

REPOSITORY = Path(__file__).resolve().parents[2]


class Execution:
    def __init__(self, status: ExecutionStatus) -> None:
        self.exec_status = status


class Stage:
    """An embedded AWS with handlers of the test's own behind ``guide_utterance``."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        self.delivered: list[dict[str, Any]] = []
        self.done = threading.Event()
        self.next_waves: list[list[dict[str, Any]]] = []

    def client(self, service: str) -> Any:
        where = self.aws.environment()
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.aws.url,
            region_name=where["AWS_REGION"],
            aws_access_key_id=where["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=where["AWS_SECRET_ACCESS_KEY"],
        )

    def route(self, event: dict[str, Any], _context: Any) -> dict[str, Any]:
        node = event["node"]
        if node["id"] == "broken":
            raise ValueError("no such model")
        return {"node_id": node["id"], "task": node["task"], "status": "ok"}

    def deliver(self, event: dict[str, Any], _context: Any) -> dict[str, Any]:
        self.delivered.append(event)
        wave = self.next_waves.pop(0) if self.next_waves else []
        if not wave:
            self.done.set()
        return {"next_wave": wave}

    def open(self) -> str:
        names = {"RouteInferenceArn": "route", "DeliverAnnotationsArn": "deliver"}
        machine = StateMachineSpec("guide_utterance", "statemachines/guide_utterance.asl.json", names)
        specs = (FunctionSpec("route", "none", 5), FunctionSpec("deliver", "none", 5))
        resources = Resources(functions=specs, state_machines=(machine,))
        arns = create(resources, self.aws.functions, self.client, REPOSITORY)
        self.aws.functions.register(specs[0], self.route)
        self.aws.functions.register(specs[1], self.deliver)
        return arns["guide_utterance"]


@pytest.fixture
def stage() -> Iterator[Stage]:
    with EmbeddedAws() as aws:
        yield Stage(aws)


def calls(*ids: str) -> list[dict[str, Any]]:
    return [{"node": {"id": each, "task": "intent", "deadline_ms": 400}} for each in ids]


def start(stage: Stage, machine: str, wave: list[dict[str, Any]], name: str = "utterance-1") -> str:
    given = {"tenant": "t", "contact_id": "c", "wave": wave}
    started = stage.client("stepfunctions").start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))
    return str(started["executionArn"])


def test_each_wave_is_delivered_and_a_failed_node_does_not_stop_the_others(stage: Stage) -> None:
    machine = stage.open()
    stage.next_waves = [calls("late")]
    start(stage, machine, calls("intent", "broken"))
    assert stage.done.wait(20)
    first, second = (event["results"] for event in stage.delivered)
    assert [(each["node_id"], each["status"]) for each in first] == [("intent", "ok"), ("broken", "failed")]
    assert first[1]["reason"] == "ValueError"
    assert [each["node_id"] for each in second] == ["intent", "broken", "late"]


def test_two_express_executions_may_share_a_name(stage: Stage) -> None:
    machine = stage.open()
    start(stage, machine, calls("a"), "same")
    assert stage.done.wait(20)
    stage.done.clear()
    start(stage, machine, calls("b"), "same")
    assert stage.done.wait(20)


def test_ended_executions_are_forgotten_and_running_ones_never() -> None:
    class Machine:
        type = "EXPRESS"
        executions = [Execution(ExecutionStatus.SUCCEEDED) for _ in range(KEPT_EXECUTIONS + 5)]

    running = [Execution(ExecutionStatus.RUNNING) for _ in range(KEPT_EXECUTIONS + 5)]
    Machine.executions += running
    _forget_ended(Machine)
    assert len(Machine.executions) == KEPT_EXECUTIONS + len(running)


def test_a_null_and_a_missing_field_are_distinguished() -> None:
    states = {"input": {"empty": None}}
    assert evaluate("$states.input.empty", states, {}) is None
    with pytest.raises(EvaluationFailed, match="undefined"):
        evaluate("$states.input.missing", states, {})


def test_a_variable_may_hold_null() -> None:
    assert evaluate("$answer", {}, {"answer": None}) is None
    assert evaluate("$answer = null", {}, {"answer": None}) is True


WHOLE = [("6 / 2", 3), ("$count([])", 0), ("[1..3]", [1, 2, 3]), ("1.5", 1.5)]


@pytest.mark.parametrize(("expression", "value"), WHOLE)
def test_whole_numbers_stay_whole(expression: str, value: Any) -> None:
    found = evaluate(expression, {}, {})
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(("arguments", "value"), [("1, 5, 2", [1, 3, 5]), ("5, 1, -2", [5, 3, 1]), ("1, 5, -2", [])])
def test_range_counts_as_step_functions_documents(arguments: str, value: list[int]) -> None:
    assert evaluate(f"$range({arguments})", {}, {}) == value


def bench() -> None:
    """How long an execution takes: ``python -m tests.contract.test_step_functions``."""
    with EmbeddedAws() as aws:
        stage = Stage(aws)
        machine = stage.open()
        for label, more in (("one wave of 4", 0), ("two waves of 4", 1)):
            took = []
            for number in range(40):
                stage.next_waves = [calls("e", "f", "g", "h") for _ in range(more)]
                stage.done.clear()
                begun = time.perf_counter()
                start(stage, machine, calls("a", "b", "c", "d"), f"{more}-{number}")
                assert stage.done.wait(20)
                took.append((time.perf_counter() - begun) * 1000)
            took.sort()
            print(f"{label}: p50 {took[20]:.1f} ms, p95 {took[38]:.1f} ms")


if __name__ == "__main__":
    bench()
