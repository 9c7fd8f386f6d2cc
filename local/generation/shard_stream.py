"""SageMaker Runtime's response stream in front of a generating shard: the shard's server-sent events, cut anywhere.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from local.generation.script import LocalGenerator, ReceivedRequest, ScriptedAnswer
from sotto.aws.event_stream import encoded

CUT_BYTES = 48
"""A part of the response holds whatever bytes have come, not whole events."""


class LocalShardStream(LocalGenerator):
    content_type = "application/vnd.amazon.eventstream"

    def status_for(self, asked: ReceivedRequest) -> int:
        return 200 if asked.path.endswith("/invocations-response-stream") else 404

    def refusal(self, status: int) -> tuple[dict[str, str], bytes]:
        """As SageMaker answers for a container that answered with ``status``."""
        body = {"Message": "refused", "OriginalStatusCode": status, "OriginalMessage": "refused", "LogStreamArn": ""}
        return {"Content-Type": "application/json", "x-amzn-ErrorType": "ModelError"}, json.dumps(body).encode()

    def chunks(self, turn: ScriptedAnswer, asked: ReceivedRequest) -> Iterator[bytes]:
        if turn.malformed:
            yield part(b"data: nothing of ours\n\n")
        events = b"".join(_event({"text": word}) for word in turn.words)
        if turn.fails_with:
            events += _event({"error": turn.fails_with, "status": 503})
        else:
            usage = {"prompt_tokens": 100, "completion_tokens": len(turn.words)}
            events += _event({"text": "", "finish_reason": turn.finish or "stop", "usage": usage})
        for start in range(0, len(events), CUT_BYTES):
            yield part(events[start : start + CUT_BYTES])


def part(content: bytes) -> bytes:
    headers = {
        ":event-type": "PayloadPart",
        ":content-type": "application/octet-stream",
        ":message-type": "event",
    }
    return encoded(headers, content)


def _event(content: dict[str, object]) -> bytes:
    return f"data: {json.dumps(content, separators=(',', ':'))}\n\n".encode()
