"""Models behind SageMaker endpoints, called through SageMaker Runtime."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from sotto.core.clock import Clock
from sotto.core.errors import SottoError
from sotto.graph.node import Output
from sotto.inference.shard import (
    Answered,
    AskAlone,
    ModelAsked,
    ModelLate,
    ModelMissing,
    ModelNotReady,
    ModelRejected,
    ModelRequest,
    ModelUnavailable,
    TakesNoWaves,
)
from sotto.models.hosting import address_of
from sotto.models.registry import ModelVersion

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

RETRY_EVERY_MS = 100.0
LARGEST_BODY_BYTES = 6_291_456
"""SageMaker's own limit for an invocation."""
_NOT_NOW = (429, 503, 507)
_NO_PACKAGE = re.compile(
    r"failed to download model|(model|inference component) .*(does not exist|not found)"
    r"|could not find inference component",
    re.IGNORECASE,
)
_NO_ENDPOINT = re.compile(r"^endpoint .*not found", re.IGNORECASE)
_TIMEOUTS_MS = (80, 125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 70_000)
"""The first two for half of a classifier's usual time: while SageMaker loads a model, only the client's own timeout
ends the waiting, and who waits with it needs the other half."""
_USUAL_TIMEOUTS_MS = _TIMEOUTS_MS[:6]


class SageMakerShard:
    """``client_for(timeout_ms)`` gives a client that stops reading then; ``wait(ms)`` pauses between attempts.

    The deadline travels to the container as the custom attribute ``deadline_ms=…``, so that the shard refuses what
    cannot finish; the client's own timeout is the backstop. Payloads are JSON both ways. How a version is addressed
    stands in its ``endpoint``: sotto.models.hosting.
    """

    def __init__(
        self,
        client_for: Callable[[float], SageMakerRuntimeClient],
        clock: Clock,
        wait: Callable[[float], None],
    ) -> None:
        self._client_for = client_for
        self._clock = clock
        self._wait = wait

    def invoke(
        self, version: ModelVersion, request: ModelRequest, *, timeout_ms: float, patient: bool = True
    ) -> Output:
        deadline = self._clock.monotonic_ms() + timeout_ms
        body = json.dumps(request.as_json()).encode()
        while True:
            remaining = deadline - self._clock.monotonic_ms()
            try:
                return self._once(version, body, remaining)
            except ModelNotReady:
                if not patient or deadline - self._clock.monotonic_ms() <= RETRY_EVERY_MS:
                    raise
                self._wait(RETRY_EVERY_MS)

    def invoke_wave(self, asked: Sequence[ModelAsked], *, timeout_ms: float) -> Sequence[Answered]:
        """The request is the first one's own, and lists the others beside (model_containers/shard/faces/waves.py)."""
        body = json.dumps(_wave(asked)).encode()
        if len(body) > LARGEST_BODY_BYTES:
            return [AskAlone("together they are more than SageMaker takes")] * len(asked)
        found = self._once(asked[0].version, body, timeout_ms)
        answers = found.get("wave")
        if answers is None:
            return [found, *[TakesNoWaves("the shard answers model by model")] * (len(asked) - 1)]
        if not isinstance(answers, list) or len(answers) != len(asked):
            raise ModelUnavailable("the shard's answer does not fit the wave")
        return [_answer(one.version, each) for one, each in zip(asked, answers, strict=True)]

    def _once(self, version: ModelVersion, body: bytes, timeout_ms: float) -> Output:
        try:
            response = self._client_for(timeout_ms).invoke_endpoint(
                **address_of(version, timeout_ms),
                ContentType="application/json",
                Accept="application/json",
                Body=body,
            )
            return _output(response["Body"].read())
        except ClientError as error:
            raise _meaning(error, version) from error
        except ReadTimeoutError as error:
            raise ModelLate(f"{version.target_model} did not answer within {timeout_ms:.0f} ms") from error
        except BotoCoreError as error:
            raise ModelUnavailable(f"endpoint {version.endpoint}: {type(error).__name__}") from error


def _output(body: bytes) -> Output:
    try:
        output: Any = json.loads(body)
    except ValueError as error:
        raise ModelUnavailable("the model's answer is not JSON") from error
    if not isinstance(output, dict):
        raise ModelUnavailable("the model's answer is not a JSON object")
    return output


def _wave(asked: Sequence[ModelAsked]) -> dict[str, Any]:
    shared = asked[0].request.as_json()
    return {**shared, "wave": [_entry(one, shared) for one in asked]}


def _entry(one: ModelAsked, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the request does not say already; nothing of the first's is another's by chance."""
    own = dict.fromkeys(shared) | one.request.as_json()
    differing = {name: value for name, value in own.items() if name not in shared or shared[name] != value}
    return {"model": one.version.target_model, **differing}


def _answer(version: ModelVersion, given: Any) -> Answered:
    if not isinstance(given, dict):
        return ModelUnavailable("the shard's answer to a wave is no object")
    if isinstance(output := given.get("output"), dict):
        return output
    status = given.get("status")
    if not isinstance(status, int):
        return ModelUnavailable("the shard's answer to a wave has neither output nor status")
    if status in (404, *_NOT_NOW):
        return AskAlone(f"the shard has no {version.target_model} at hand ({status})")
    return _refusal(version, status) or ModelUnavailable(f"endpoint {version.endpoint} answered ModelError {status}")


def _meaning(error: ClientError, version: ModelVersion) -> SottoError:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html#API_runtime_InvokeEndpoint_Errors"""
    details = error.response.get("Error", {})
    code, message = details.get("Code", ""), details.get("Message", "")
    original = int(error.response.get("OriginalStatusCode", 0))  # type: ignore[call-overload]
    if code == "ModelNotReadyException" or code.startswith("Throttl"):
        return ModelNotReady(f"{version.target_model} is being loaded")
    if code == "ModelError" and (refusal := _refusal(version, original)):
        return refusal
    if code == "ValidationError" and _NO_PACKAGE.search(message):
        return ModelMissing(f"endpoint {version.endpoint} has no {version.target_model}")
    if code == "ValidationError" and not _NO_ENDPOINT.search(message):
        return ModelRejected(f"endpoint {version.endpoint} refused the request for {version.target_model}")
    return ModelUnavailable(f"endpoint {version.endpoint} answered {code or 'an error'} {original or ''}".rstrip())


def _refusal(version: ModelVersion, status: int) -> SottoError | None:
    """What the container's own status means; None: it failed."""
    if status in _NOT_NOW:
        return ModelNotReady(f"the shard cannot take {version.target_model} now ({status})")
    if status == 408:
        return ModelLate(f"the shard refused {version.target_model}: it could not finish in time")
    if 400 <= status < 500:
        return ModelRejected(f"{version.target_model} refused the request ({status})")
    return None


def sagemaker_clients(session: boto3.Session | None = None) -> Callable[[float], SageMakerRuntimeClient]:
    """boto3 fixes the read timeout per client, so there is one client for each of a few timeouts.

    Those for the usual deadlines are made at once, not while a caller speaks. They share a session, which has read the
    service's definition once: the first client takes about 50 ms, the others 2 ms. Making a client is the one thing
    about a session that is not safe in several threads.
    """
    made: dict[int, SageMakerRuntimeClient] = {}
    making = Lock()
    shared = session or boto3.Session()

    def client(timeout_ms: int) -> SageMakerRuntimeClient:
        config = Config(
            connect_timeout=min(1.0, timeout_ms / 1000),
            read_timeout=timeout_ms / 1000,
            retries={"total_max_attempts": 1},
            max_pool_connections=50,
        )
        return shared.client("sagemaker-runtime", config=config)

    def client_for(timeout_ms: float) -> SageMakerRuntimeClient:
        rounded = _rounded_up(timeout_ms)
        if rounded not in made:
            with making:
                if rounded not in made:
                    made[rounded] = client(rounded)
        return made[rounded]

    for usual_ms in _USUAL_TIMEOUTS_MS:
        client_for(usual_ms)
    return client_for


def _rounded_up(timeout_ms: float) -> int:
    return next((known for known in _TIMEOUTS_MS if known >= timeout_ms), _TIMEOUTS_MS[-1])
