"""Answers to the task that waits for a review."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sotto.aws.state_machines import TASK_OVER, accepted
from sotto.call.review import ReviewState

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsTasks:
    """ReviewTasks."""

    def __init__(self, client: SFNClient) -> None:
        self._client = client

    def complete(self, token: str, outcome: ReviewState) -> bool:
        output = json.dumps({"outcome": outcome.value})
        return accepted(lambda: self._client.send_task_success(taskToken=token, output=output), TASK_OVER)

    def beat(self, token: str) -> bool:
        return accepted(lambda: self._client.send_task_heartbeat(taskToken=token), TASK_OVER)
