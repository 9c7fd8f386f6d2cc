"""The work after a conversation, run by the Standard state machine ``after_call``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from sotto.call.after_call_work import StepOrder
from sotto.core.errors import Retryable
from sotto.core.validation import silent

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_orders = silent(StepOrder)


class WorkflowUnavailable(Retryable):
    """Step Functions throttled us or could not be reached."""


class StepFunctionsWorkflow:
    """A Workflow."""

    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start(self, name: str, order: StepOrder, asked: str | None = None) -> bool:
        """Step Functions answers with the execution under way where it has the same name and input, and refuses the
        name for 90 days after one has ended.
        https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html

        Raises WorkflowUnavailable."""
        try:
            because = {} if asked is None else {"asked": asked}
            written = json.dumps(_orders.dump_python(order) | because)
            self._client.start_execution(stateMachineArn=self._arn, name=name, input=written)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ExecutionAlreadyExists":
                return False
            raise WorkflowUnavailable(type(error).__name__) from error
        except BotoCoreError as error:
            raise WorkflowUnavailable(type(error).__name__) from error
        return True
