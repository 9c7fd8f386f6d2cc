"""Text from a tenant's adapter on our own shard, through SageMaker Runtime's response stream.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html. The adapter
is named in a custom attribute, and the container fetches it, unless the endpoint holds it as an inference component;
what comes back are server-sent events.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Generator as Pieces
from contextlib import closing
from typing import TYPE_CHECKING, Any

import urllib3
from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from sotto.core.errors import SottoError
from sotto.generation.adapters.server_sent_events import ServerSentEvents
from sotto.generation.generator import (
    CutOff,
    GeneratorBusy,
    GeneratorLate,
    GeneratorRefused,
    GeneratorUnavailable,
    Prompt,
    TextDelta,
    Usage,
)
from sotto.models.hosting import ADAPTERS, address_of
from sotto.models.registry import ModelRegistry, ModelVersion, UnknownModel

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

_FINISH = {"stop": "stop", "length": "length"}


class ShardGenerator:
    """``model`` is what the registry calls the tenants' writing adapters; a tenant without one is refused."""

    def __init__(
        self,
        client_for: Callable[[float], SageMakerRuntimeClient],
        registry: ModelRegistry,
        *,
        model: str = "writer",
    ) -> None:
        self._client_for = client_for
        self._registry = registry
        self._model = model

    def generate(self, prompt: Prompt, *, tenant: str, timeout_ms: float) -> Pieces[TextDelta, None, None]:
        version = self._version(tenant)
        try:
            response = self._client_for(timeout_ms).invoke_endpoint_with_response_stream(
                **address_of(version, timeout_ms, otherwise=ADAPTERS),
                ContentType="application/json",
                Accept="text/event-stream",
                Body=json.dumps(_body(prompt, tenant)).encode(),
            )
            with closing(response["Body"]) as parts:
                yield from _pieces(parts, version.target_model)
        except ClientError as error:
            raise _meaning(error, version) from error
        except (ReadTimeoutError, urllib3.exceptions.ReadTimeoutError) as error:
            raise GeneratorLate(f"{version.target_model} did not go on within {timeout_ms:.0f} ms") from error
        except (ParserError, urllib3.exceptions.ProtocolError) as error:
            raise CutOff(f"{version.target_model}: the stream is broken: {type(error).__name__}") from error
        except (BotoCoreError, urllib3.exceptions.HTTPError) as error:
            raise GeneratorUnavailable(f"endpoint {version.endpoint}: {type(error).__name__}") from error

    def _version(self, tenant: str) -> ModelVersion:
        try:
            return self._registry.find(tenant, self._model).chain[0]
        except UnknownModel as error:
            raise GeneratorRefused(str(error)) from error
        except Exception as error:
            raise GeneratorUnavailable(f"the registry did not answer: {type(error).__name__}") from error


def _body(prompt: Prompt, tenant: str) -> dict[str, Any]:
    messages = [{"role": message.role, "content": message.text} for message in prompt.messages]
    body = {"messages": messages, "tenant": tenant, "max_tokens": prompt.max_tokens, "stream": True}
    return body if prompt.json_schema is None else {**body, "json_schema": dict(prompt.json_schema)}


def _pieces(parts: Any, model: str) -> Pieces[TextDelta, None, None]:
    events = ServerSentEvents()
    for part in parts:
        yield TextDelta(model=model)
        for data in events.feed(part.get("PayloadPart", {}).get("Bytes", b"")):
            yield _piece(data, model)


def _piece(data: str, model: str) -> TextDelta:
    try:
        event = json.loads(data)
        if "error" in event:
            raise _by_status(int(event.get("status", 500)), model)
        usage = event.get("usage")
        return TextDelta(
            text=str(event.get("text") or ""),
            finish=_FINISH.get(reason, "length") if (reason := event.get("finish_reason")) else "",
            usage=Usage(int(usage["prompt_tokens"]), int(usage["completion_tokens"])) if usage else None,
            model=model,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GeneratorUnavailable("an event of the stream is not one of the shard's") from error


def _meaning(error: ClientError, version: ModelVersion) -> SottoError:
    code = error.response.get("Error", {}).get("Code", "")
    original = int(error.response.get("OriginalStatusCode", 0))  # type: ignore[call-overload]
    if code == "ModelError" and original:
        return _by_status(original, version.target_model)
    if code == "ModelNotReadyException" or code.startswith("Throttl"):
        return GeneratorBusy(f"endpoint {version.endpoint} cannot take the request now: {code}")
    return GeneratorUnavailable(f"endpoint {version.endpoint} answered {code or 'an error'}")


def _by_status(status: int, model: str) -> SottoError:
    if status in (429, 503, 507):
        return GeneratorBusy(f"the shard cannot take {model} now ({status})")
    if status == 408:
        return GeneratorLate(f"the shard refused {model}: it could not finish in time")
    if 400 <= status < 500:
        return GeneratorRefused(f"the shard refused the request for {model} ({status})")
    return GeneratorUnavailable(f"the shard answered {status} for {model}")
