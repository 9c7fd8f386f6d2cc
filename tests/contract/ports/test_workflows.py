"""Contract: runs of workflows in DynamoDB and in memory; the machine in memory and in Step Functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sotto.aws import keys
from sotto.aws.state_machines import StateMachineUnavailable
from sotto.aws.table import Table
from sotto.workflows.adapters.dynamodb_runs import DynamoRuns
from sotto.workflows.adapters.step_functions import StepFunctionsMachine
from sotto.workflows.eraser import WorkflowEraser
from sotto.workflows.store import Runs, WorkflowOrder
from tests.contract.ports.workflows_contract import MachineContract, RunsContract, any_run, run_id, started, waiting
from tests.fakes.retention import KeptUntil
from tests.fakes.workflows import MachineInMemory, WorkflowRunsInMemory


class TestRunsInMemory(RunsContract):
    @pytest.fixture
    def runs(self) -> Runs:
        return WorkflowRunsInMemory()

    @pytest.fixture
    def events(self, runs: WorkflowRunsInMemory) -> Callable[[], list[str]]:
        return lambda: sorted(each.name for each in runs.events)


class TestDynamoRuns(RunsContract):
    @pytest.fixture
    def runs(self, table: Table) -> Runs:
        return DynamoRuns(table, KeptUntil())

    @pytest.fixture
    def events(self, outbox: Callable[[], list[str]]) -> Callable[[], list[str]]:
        return outbox

    def test_lists_hold_no_words_and_no_token(self, runs: DynamoRuns, table: Table) -> None:
        run = any_run()
        runs.create(run, started(run))
        runs.replace(waiting(run))
        for pk in (keys.of_workflows("bank"), keys.of_waiting_workflows("bank")):
            (row,) = table.stored(pk)
            assert "body" not in row and "token" not in row and "Kept?" not in str(row)

    def test_the_eraser_leaves_nothing_also_where_the_record_went_first(self, runs: DynamoRuns, table: Table) -> None:
        run = any_run()
        runs.create(run, started(run), once=True)
        table.delete(keys.of_contact("bank", "c1"), keys.of_workflow(run.id))
        eraser = WorkflowEraser(runs)
        assert eraser.left("bank", "c1") == 1
        assert eraser.erase("bank", "c1") == {"runs of workflows": 1}
        assert eraser.left("bank", "c1") == 0 and runs.contact_of("bank", run.id) is None


class TestMachineInMemory(MachineContract):
    @pytest.fixture
    def machine(self, token: str) -> MachineInMemory:
        return MachineInMemory(tokens={token})

    @pytest.fixture
    def token(self) -> str:
        return "token-1"


class Tasks:
    """As much of Step Functions' client as the adapter uses, with its error codes.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.waiting = {"token-1"}
        self.names: set[str] = set()
        self.throttled = False

    def _error(self, code: str) -> Exception:
        from botocore.exceptions import ClientError

        return ClientError({"Error": {"Code": code, "Message": ""}}, "x")

    def start_execution(self, *, name: str, **asked: Any) -> None:
        if self.throttled:
            raise self._error("ThrottlingException")
        if name in self.names:
            raise self._error("ExecutionAlreadyExists")
        assert set(json.loads(asked["input"])) == {"tenant", "contact_id", "run_id"}
        self.names.add(name)

    def send_task_success(self, *, taskToken: str, output: str) -> None:
        if taskToken not in self.waiting:
            raise self._error("TaskTimedOut" if taskToken == "token-1" else "InvalidToken")
        self.waiting.discard(taskToken)


class TestStepFunctionsMachine(MachineContract):
    @pytest.fixture
    def client(self) -> Tasks:
        return Tasks(None)

    @pytest.fixture
    def machine(self, client: Tasks) -> StepFunctionsMachine:
        return StepFunctionsMachine(client, "arn:machine")  # type: ignore[arg-type]

    @pytest.fixture
    def token(self) -> str:
        return "token-1"

    def test_who_throttles_us_is_asked_again(self, machine: StepFunctionsMachine, client: Tasks) -> None:
        client.throttled = True
        with pytest.raises(StateMachineUnavailable):
            machine.start(WorkflowOrder("bank", "c1", run_id(1)))
