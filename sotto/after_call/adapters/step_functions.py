"""The work after a conversation, run by the Standard state machine ``after_call``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sotto.aws.state_machines import STARTED, accepted
from sotto.call.after_call_work import StepOrder
from sotto.core.validation import silent

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_orders = silent(StepOrder)


class StepFunctionsWorkflow:
    """A Workflow."""

    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start(self, name: str, order: StepOrder, asked: str | None = None) -> bool:
        """Raises StateMachineUnavailable."""
        because = {} if asked is None else {"asked": asked}
        written = json.dumps(_orders.dump_python(order) | because)
        return accepted(
            lambda: self._client.start_execution(stateMachineArn=self._arn, name=name, input=written), STARTED
        )
