"""Contract: states that wait, and a clock that may be put forward for them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.aws import step_functions
from local.aws.stack import EmbeddedAws

ROLE = "arn:aws:iam::123456789012:role/states"
DEFINITION = {
    "QueryLanguage": "JSONata",
    "StartAt": "Hour",
    "States": {
        "Hour": {"Type": "Wait", "Seconds": "{% 60 * 60 %}", "Next": "Day"},
        "Day": {"Type": "Wait", "Seconds": 86400, "End": True},
    },
}


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with EmbeddedAws() as aws:
        yield aws.engineer("stepfunctions")


def until(is_so: Callable[[], bool]) -> None:
    patience = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < patience, "it does not come to that"
        threading.Event().wait(0.01)


def started(client: Any, name: str) -> str:
    machine = client.create_state_machine(name=name, definition=json.dumps(DEFINITION), roleArn=ROLE)
    begun = client.start_execution(stateMachineArn=machine["stateMachineArn"])
    until(lambda: begun["executionArn"] in step_functions.waits().waiting())
    return str(begun["executionArn"])


def status(client: Any, execution: str) -> str:
    return str(client.describe_execution(executionArn=execution)["status"])


def test_a_wait_is_over_when_its_time_has_passed_and_not_before(client: Any) -> None:
    execution, waits = started(client, "waits"), step_functions.waits()
    assert 3_590 < (waits.next_s() or 0) <= 3_600
    waits.forward(3_000)
    assert waits.waiting() == {execution} and 0 < (waits.next_s() or 0) <= 600
    waits.forward(601)
    until(lambda: (waits.next_s() or 0) > 86_000)
    assert status(client, execution) == "RUNNING"
    waits.forward(86_400)
    until(lambda: status(client, execution) == "SUCCEEDED")
    assert not waits.waiting() and waits.next_s() is None


def test_what_only_waits_is_running_and_may_be_left_out(client: Any) -> None:
    execution = started(client, "counted")
    assert (step_functions.running(), step_functions.running(waiting_too=False)) == (1, 0)
    step_functions.waits().forward(3_601)
    until(lambda: (step_functions.waits().next_s() or 0) > 80_000)
    assert step_functions.running() == 0, "nobody stays for a day"
    client.stop_execution(executionArn=execution)
    until(lambda: not step_functions.waits().waiting())
    assert status(client, execution) == "ABORTED" and step_functions.running() == 0
