"""Answers to the task that waits for a review."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from sotto.after_call.adapters.step_functions import WorkflowUnavailable
from sotto.call.review import ReviewState

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_OVER = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
"""A token that ran out, was answered before, or is none: the task takes no answer any more.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html"""


class StepFunctionsTasks:
    """ReviewTasks."""

    def __init__(self, client: SFNClient) -> None:
        self._client = client

    def complete(self, token: str, outcome: ReviewState) -> bool:
        output = json.dumps({"outcome": outcome.value})
        return _asked(lambda: self._client.send_task_success(taskToken=token, output=output))

    def beat(self, token: str) -> bool:
        return _asked(lambda: self._client.send_task_heartbeat(taskToken=token))


def _asked(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _OVER:
            return False
        raise WorkflowUnavailable(type(error).__name__) from error
    except BotoCoreError as error:
        raise WorkflowUnavailable(type(error).__name__) from error
    return True
