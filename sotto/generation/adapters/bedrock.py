"""Text from Amazon Bedrock, whatever the model: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from collections.abc import Generator as Pieces
from contextlib import closing
from threading import Lock
from typing import Any, Protocol

import boto3
import urllib3
from botocore.config import Config
from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from sotto.core.errors import SottoError
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
from sotto.generation.settings import Shape

_TOOL = "write_text"
_FINISH = {"end_turn": "stop", "stop_sequence": "stop", "tool_use": "stop", "max_tokens": "length"}
_FILTERED = ("guardrail_intervened", "content_filtered")
_BUSY = ("ThrottlingException", "ModelNotReadyException", "ServiceQuotaExceededException", "throttlingException")
_REFUSED = (
    "ValidationException",
    "validationException",
    "AccessDeniedException",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
    "ExpiredTokenException",
)


class ConverseClient(Protocol):
    def converse_stream(self, **request: Any) -> Mapping[str, Any]: ...


class BedrockGenerator:
    """``client_for(timeout_ms)`` gives a client that stops reading then."""

    def __init__(self, client_for: Callable[[float], ConverseClient], model_id: str, *, shape: Shape = "tool") -> None:
        self._client_for = client_for
        self._model_id = model_id
        self._shape = shape

    def generate(self, prompt: Prompt, *, tenant: str, timeout_ms: float) -> Pieces[TextDelta, None, None]:
        by_tool = self._shape == "tool" and prompt.json_schema is not None
        try:
            response = self._client_for(timeout_ms).converse_stream(**self._request(prompt, tenant))
            with closing(response["stream"]) as events:
                for event in events:
                    yield _piece(event, self._model_id, by_tool=by_tool)
        except ClientError as error:  # EventStreamError is one too
            raise _meaning(error) from error
        except (ReadTimeoutError, urllib3.exceptions.ReadTimeoutError) as error:
            raise GeneratorLate(f"{self._model_id} did not go on within {timeout_ms:.0f} ms") from error
        except (ParserError, urllib3.exceptions.ProtocolError) as error:
            raise CutOff(f"{self._model_id}: the stream is broken: {type(error).__name__}") from error
        except (BotoCoreError, urllib3.exceptions.HTTPError) as error:
            raise GeneratorUnavailable(f"Bedrock cannot be reached: {type(error).__name__}") from error

    def _request(self, prompt: Prompt, tenant: str) -> dict[str, Any]:
        request: dict[str, Any] = {
            "modelId": self._model_id,
            "system": [{"text": message.text} for message in prompt.messages if message.role == "system"],
            "messages": [
                {"role": message.role, "content": [{"text": message.text}]}
                for message in prompt.messages
                if message.role != "system"
            ],
            "inferenceConfig": {"maxTokens": prompt.max_tokens, "temperature": 0.0},
            "requestMetadata": {"tenant": tenant},
        }
        if prompt.json_schema is not None:
            request |= _shaped(self._shape, prompt.json_schema)
        return request


def _shaped(shape: Shape, schema: Mapping[str, Any]) -> dict[str, Any]:
    if shape == "tool":
        spec = {"name": _TOOL, "description": "Hands over the text.", "inputSchema": {"json": dict(schema)}}
        return {"toolConfig": {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": _TOOL}}}}
    if shape == "schema":
        structure = {"jsonSchema": {"name": "text", "schema": json.dumps(schema)}}
        return {"outputConfig": {"textFormat": {"type": "json_schema", "structure": structure}}}
    return {}


def bedrock_clients(session: boto3.Session | None = None) -> Callable[[float], ConverseClient]:
    """boto3 fixes the read timeout per client, so there is one client per half second of it, up to a minute."""
    made: dict[int, ConverseClient] = {}
    making = Lock()
    shared = session or boto3.Session()

    def client_for(timeout_ms: float) -> ConverseClient:
        halves = min(120, max(1, math.ceil(timeout_ms / 500)))
        with making:
            if halves not in made:
                config = Config(
                    connect_timeout=1,
                    read_timeout=halves / 2,
                    retries={"total_max_attempts": 1},
                    max_pool_connections=16,
                )
                made[halves] = shared.client("bedrock-runtime", config=config)
            return made[halves]

    return client_for


def _piece(event: Mapping[str, Any], model_id: str, *, by_tool: bool) -> TextDelta:
    """``by_tool``: the text is the tool's input; what a model says beside the call is not for us."""
    if block := event.get("contentBlockDelta"):
        delta = block.get("delta", {})
        text = delta.get("toolUse", {}).get("input", "") if by_tool else delta.get("text", "")
        return TextDelta(text, model=model_id)
    if stop := event.get("messageStop"):
        reason = stop.get("stopReason", "")
        return TextDelta(finish="filtered" if reason in _FILTERED else _FINISH.get(reason, "length"), model=model_id)
    if usage := event.get("metadata", {}).get("usage"):
        return TextDelta(
            usage=Usage(int(usage.get("inputTokens", 0)), int(usage.get("outputTokens", 0))), model=model_id
        )
    return TextDelta()


def _meaning(error: ClientError) -> SottoError:
    code = error.response.get("Error", {}).get("Code", "")
    if code in _BUSY:
        return GeneratorBusy(f"Bedrock cannot take the request now: {code}")
    if code == "ModelTimeoutException":
        return GeneratorLate("the model did not finish in time")
    if code in _REFUSED:
        return GeneratorRefused(f"Bedrock refuses the request ({code}): check the model id, its access and the role")
    return GeneratorUnavailable(f"Bedrock answered {code or 'an error'}")
