"""Workflows as executions of the Standard state machine ``run_workflow``: it waits, and holds ids alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.errors import Retryable
from sotto.workflows.store import WorkflowOrder

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_STARTED = frozenset({"ExecutionAlreadyExists"})
_OVER = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html"""


class MachineUnavailable(Retryable):
    """Step Functions throttled us or could not be reached."""


class StepFunctionsMachine:
    """A Machine. ``arn``: empty for who only answers tasks."""

    def __init__(self, client: SFNClient, arn: str) -> None:
        self._client = client
        self._arn = arn

    def start(self, order: WorkflowOrder) -> bool:
        """The run's id names the execution: while it runs the same start is answered as the first one was, and for 90
        days afterwards it is refused. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
        """
        written = json.dumps({"tenant": order.tenant, "contact_id": order.contact_id, "run_id": order.run_id})
        return _asked(
            lambda: self._client.start_execution(stateMachineArn=self._arn, name=order.run_id, input=written), _STARTED
        )

    def answer(self, token: str) -> bool:
        return _asked(lambda: self._client.send_task_success(taskToken=token, output="{}"), _OVER)


def _asked(ask: Callable[[], object], no: frozenset[str]) -> bool:
    """False where the answer is one of ``no``."""
    try:
        ask()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in no:
            return False
        raise MachineUnavailable(type(error).__name__) from error
    except BotoCoreError as error:
        raise MachineUnavailable(type(error).__name__) from error
    return True
