"""Imports as executions of the Standard state machine ``import_conversations``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sotto.aws.state_machines import STARTED, accepted
from sotto.imports.order import ImportOrder

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsImports:
    """An ImportMachine. Raises StateMachineUnavailable."""

    def __init__(self, client: SFNClient, arn: str) -> None:
        self._client = client
        self._arn = arn

    def start(self, order: ImportOrder) -> bool:
        written = json.dumps({"tenant": order.tenant, "import_id": order.import_id, "attempt": order.attempt})
        name = f"{order.import_id}-{order.attempt}"
        return accepted(
            lambda: self._client.start_execution(stateMachineArn=self._arn, name=name, input=written), STARTED
        )
