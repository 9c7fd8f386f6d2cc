"""Other functions of Sotto, invoked by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.call.live import Invocation, WorkerOrder, payload_of
from sotto.core.errors import Retryable
from sotto.core.resources import LIVE

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class FunctionUnavailable(Retryable):
    """Lambda throttled us or could not be reached, or the function has failed."""


class LambdaFunctions:
    """``prefix`` and a function's name make its address, so that two deployments can live in one account.

    ``alias``: which of its versions runs. The newest code, ``$LATEST``, would start without SnapStart's snapshot and
    would not be taken back with a release.
    """

    def __init__(self, client: LambdaClient, prefix: str = "", *, alias: str = LIVE) -> None:
        self._client = client
        self._prefix = prefix
        self._alias = alias

    def invoke_async(self, name: str, event: Invocation) -> None:
        """Raises FunctionUnavailable."""
        try:
            accepted = self._client.invoke(
                FunctionName=self._prefix + name,
                Qualifier=self._alias,
                InvocationType="Event",
                Payload=payload_of(event),
            )
            _read(accepted)
        except (ClientError, BotoCoreError) as error:
            raise FunctionUnavailable(f"{name}: {type(error).__name__}") from error


class LambdaAnswers:
    """Functions whose answer is waited for. ``client``: tries once and gives up before its caller has to. Addresses as
    of LambdaFunctions."""

    def __init__(self, client: LambdaClient, prefix: str = "", *, alias: str = LIVE) -> None:
        self._client = client
        self._prefix = prefix
        self._alias = alias

    def ask(self, name: str, event: Mapping[str, Any]) -> Any:
        """Of JSON, to JSON. Raises FunctionUnavailable."""
        try:
            answer = self._client.invoke(
                FunctionName=self._prefix + name,
                Qualifier=self._alias,
                InvocationType="RequestResponse",
                Payload=json.dumps(event).encode(),
            )
            content = _read(answer)
            if answer.get("FunctionError"):
                raise FunctionUnavailable(f"{name}: has failed")  # its error may quote what it was asked
            return json.loads(content)
        except (ClientError, BotoCoreError, ValueError) as error:
            raise FunctionUnavailable(f"{name}: {type(error).__name__}") from error


def _read(answer: Mapping[str, Any]) -> bytes:
    """To its end, though there may be nothing in it: a connection whose answer is not read is not used again."""
    with closing(answer["Payload"]) as payload:
        content: bytes = payload.read()
    return content


class LambdaAudioWorkers:
    """Audio workers are executions of ``transcribe_call``."""

    def __init__(self, functions: LambdaFunctions) -> None:
        self._functions = functions

    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
        self._functions.invoke_async("transcribe_call", WorkerOrder(tenant, contact_id, generation, revivals))
