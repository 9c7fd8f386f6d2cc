"""Graphs run by the Express state machine ``guide_utterance``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.errors import Retryable
from sotto.inference.orchestrate import RUN, GuidanceRun

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class RunnerUnavailable(Retryable):
    """Step Functions throttled us or could not be reached."""


class StepFunctionsRunner:
    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start(self, name: str, run: GuidanceRun) -> None:
        """Asynchronous Express executions run at least once, whatever their name: delivery is idempotent.

        Raises RunnerUnavailable, upon which Lambda's asynchronous retry tries again.
        """
        try:
            self._client.start_execution(stateMachineArn=self._arn, name=name, input=RUN.dump_json(run).decode())
        except (ClientError, BotoCoreError) as error:
            raise RunnerUnavailable(type(error).__name__) from error
