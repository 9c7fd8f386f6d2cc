"""Workflows as executions of the Standard state machine ``run_workflow``: it waits, and holds ids alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sotto.aws.state_machines import STARTED, TASK_OVER, accepted
from sotto.workflows.store import WorkflowOrder

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsMachine:
    """A Machine. ``arn``: empty for who only answers tasks. Raises StateMachineUnavailable."""

    def __init__(self, client: SFNClient, arn: str) -> None:
        self._client = client
        self._arn = arn

    def start(self, order: WorkflowOrder) -> bool:
        """The run's id names the execution."""
        written = json.dumps({"tenant": order.tenant, "contact_id": order.contact_id, "run_id": order.run_id})
        return accepted(
            lambda: self._client.start_execution(stateMachineArn=self._arn, name=order.run_id, input=written), STARTED
        )

    def answer(self, token: str) -> bool:
        return accepted(lambda: self._client.send_task_success(taskToken=token, output="{}"), TASK_OVER)
