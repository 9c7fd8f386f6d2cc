"""An OpenAI-compatible host: https://platform.openai.com/docs/api-reference/chat/streaming"""

from __future__ import annotations

import json
from collections.abc import Iterator

from local.generation.script import LocalGenerator, ReceivedRequest, ScriptedAnswer


class LocalOpenAi(LocalGenerator):
    """``keys`` may be changed while it runs."""

    def __init__(self, *, keys: set[str]) -> None:
        super().__init__()
        self.keys = keys

    def status_for(self, asked: ReceivedRequest) -> int:
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.keys:
            return 401
        if not asked.path.endswith("/chat/completions"):
            return 404
        return 200 if asked.body.get("model") and asked.body.get("messages") else 400

    def refusal(self, status: int) -> tuple[dict[str, str], bytes]:
        body = {"error": {"message": "refused", "type": "error", "code": status}}
        return {"Content-Type": "application/json"}, json.dumps(body).encode()

    def chunks(self, turn: ScriptedAnswer, asked: ReceivedRequest) -> Iterator[bytes]:
        yield b": keep-alive\n\n"
        if turn.malformed:
            yield b"data: <html>bad gateway</html>\n\n"
        if turn.fails_with:
            yield _event({"error": {"message": turn.fails_with}})
        for word in turn.words:
            yield _chunk(asked, {"delta": {"content": word}, "finish_reason": None})
        yield _chunk(asked, {"delta": {}, "finish_reason": turn.finish or "stop"})
        if asked.body.get("stream_options", {}).get("include_usage"):
            usage = {"prompt_tokens": 100, "completion_tokens": len(turn.words), "total_tokens": 100 + len(turn.words)}
            yield _event({"model": asked.body["model"], "choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"


def _chunk(asked: ReceivedRequest, choice: dict[str, object]) -> bytes:
    return _event(
        {"object": "chat.completion.chunk", "model": asked.body["model"], "choices": [{"index": 0, **choice}]}
    )


def _event(content: dict[str, object]) -> bytes:
    return f"data: {json.dumps(content)}\n\n".encode()
