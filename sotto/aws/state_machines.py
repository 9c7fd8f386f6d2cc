"""What Step Functions is asked, and what its refusals mean: executions that there are, tasks that are over."""

from __future__ import annotations

from collections.abc import Callable, Set

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.errors import Retryable

STARTED = frozenset({"ExecutionAlreadyExists"})
"""Of StartExecution: an execution under way with the same name and input is answered as it was the first time; for 90
days after one has ended, its name is refused.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""
TASK_OVER = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
"""A token that ran out, was answered before, or is none: the task takes no answer any more.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html"""


class StateMachineUnavailable(Retryable):
    """Step Functions throttled us or could not be reached."""


def accepted(ask: Callable[[], object], refusals: Set[str]) -> bool:
    """False where the answer is one of ``refusals``. Raises StateMachineUnavailable."""
    try:
        ask()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in refusals:
            return False
        raise StateMachineUnavailable(type(error).__name__) from error
    except BotoCoreError as error:
        raise StateMachineUnavailable(type(error).__name__) from error
    return True
