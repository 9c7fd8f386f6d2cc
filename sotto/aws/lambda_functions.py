"""Other functions of Sotto, invoked asynchronously."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.errors import Retryable
from sotto.core.resources import LIVE

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class FunctionUnavailable(Retryable):
    """Lambda throttled us or could not be reached."""


class LambdaFunctions:
    """``prefix`` and a function's name make its address, so that two deployments can live in one account.

    ``alias``: which of its versions runs. The newest code, ``$LATEST``, would start without SnapStart's snapshot and
    would not be taken back with a release.
    """

    def __init__(self, client: LambdaClient, prefix: str = "", *, alias: str = LIVE) -> None:
        self._client = client
        self._prefix = prefix
        self._alias = alias

    def invoke_async(self, name: str, event: Mapping[str, Any]) -> None:
        try:
            self._client.invoke(
                FunctionName=self._prefix + name,
                Qualifier=self._alias,
                InvocationType="Event",
                Payload=json.dumps(event).encode(),
            )
        except (ClientError, BotoCoreError) as error:
            raise FunctionUnavailable(f"{name}: {type(error).__name__}") from error


class LambdaAudioWorkers:
    """Audio workers are executions of ``transcribe_call``."""

    def __init__(self, functions: LambdaFunctions) -> None:
        self._functions = functions

    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
        order: dict[str, Any] = {"tenant": tenant, "contact_id": contact_id, "generation": generation}
        if revivals:
            order["revivals"] = revivals
        self._functions.invoke_async("transcribe_call", order)
