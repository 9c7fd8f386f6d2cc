"""Bedrock's ConverseStream: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from local.generation.script import LocalGenerator, ReceivedRequest, ScriptedAnswer
from sotto.aws.event_stream import encoded

_ERRORS = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}


class LocalBedrock(LocalGenerator):
    content_type = "application/vnd.amazon.eventstream"

    def status_for(self, asked: ReceivedRequest) -> int:
        if not asked.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
            return 403
        if not unquote(asked.path).endswith("/converse-stream"):
            return 404
        return 200 if asked.body.get("messages") and _tools_fit(asked.body) else 400

    def refusal(self, status: int) -> tuple[dict[str, str], bytes]:
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": _ERRORS[status]}
        return headers, json.dumps({"message": "refused"}).encode()

    def chunks(self, turn: ScriptedAnswer, asked: ReceivedRequest) -> Iterator[bytes]:
        tool = _forced_tool(asked.body)
        yield event("messageStart", {"role": "assistant"})
        if turn.malformed:
            yield b"\x00\x00\x00\x20 this is not an event stream message at all"
        if turn.fails_with:
            yield exception(turn.fails_with)
        if turn.aside:
            yield event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": turn.aside}})
            yield event("contentBlockStop", {"contentBlockIndex": 0})
        if tool:  # a block of text has no start event
            start = {"toolUse": {"toolUseId": "tooluse_1", "name": tool}}
            yield event("contentBlockStart", {"contentBlockIndex": 0, "start": start})
        for word in turn.words:
            delta = {"toolUse": {"input": word}} if tool else {"text": word}
            yield event("contentBlockDelta", {"contentBlockIndex": 0, "delta": delta})
        yield event("contentBlockStop", {"contentBlockIndex": 0})
        yield event("messageStop", {"stopReason": turn.finish or ("tool_use" if tool else "end_turn")})
        usage = {"inputTokens": 100, "outputTokens": len(turn.words), "totalTokens": 100 + len(turn.words)}
        yield event("metadata", {"usage": usage, "metrics": {"latencyMs": 7}})


def _tools_fit(body: dict[str, Any]) -> bool:
    """A choice needs its tool, and a tool a name and a schema."""
    specs = [tool.get("toolSpec", {}) for tool in body.get("toolConfig", {}).get("tools", [])]
    whole = all(spec.get("name") and isinstance(spec.get("inputSchema", {}).get("json"), dict) for spec in specs)
    forced = _forced_tool(body)
    return whole and (not forced or forced in [spec["name"] for spec in specs])


def _forced_tool(body: dict[str, Any]) -> str:
    return str(body.get("toolConfig", {}).get("toolChoice", {}).get("tool", {}).get("name", ""))


def event(kind: str, payload: dict[str, object]) -> bytes:
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return encoded(headers, json.dumps(payload).encode())


def exception(kind: str) -> bytes:
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return encoded(headers, b'{"message": "refused"}')
