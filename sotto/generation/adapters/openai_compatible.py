"""Text from any host that speaks OpenAI's chat completions: Fireworks, vLLM, and others.

https://platform.openai.com/docs/api-reference/chat/streaming and
https://docs.fireworks.ai/api-reference/post-chatcompletions
"""

from __future__ import annotations

import json
from collections.abc import Generator as Pieces
from contextlib import closing
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError, TimeoutError

from sotto.core.api_keys import ApiKey, KeyMissing, KeyUnavailable
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

_FINISH = {"stop": "stop", "length": "length", "content_filter": "filtered"}


class OpenAiCompatibleGenerator:
    """``base_url`` ends before ``/chat/completions``, as in ``https://api.fireworks.ai/inference/v1``."""

    def __init__(self, base_url: str, model: str, key: ApiKey, *, pool: urllib3.PoolManager | None = None) -> None:
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._pool = pool or urllib3.PoolManager(maxsize=16)

    def generate(self, prompt: Prompt, *, tenant: str, timeout_ms: float) -> Pieces[TextDelta, None, None]:
        key = self._current_key()
        try:
            response = self._asked(prompt, key, timeout_ms / 1000)
            with closing(response):
                if response.status != 200:
                    raise self._meaning(response.status, key)
                yield from _pieces(response)
        except NewConnectionError as error:  # urllib3 counts it among the timeouts
            raise GeneratorUnavailable("the host does not take connections") from error
        except TimeoutError as error:
            raise GeneratorLate(f"no answer within {timeout_ms:.0f} ms") from error
        except HTTPError as error:
            broken = CutOff if isinstance(error, urllib3.exceptions.ProtocolError) else GeneratorUnavailable
            raise broken(f"the host cannot be read: {type(error).__name__}") from error

    def _current_key(self) -> str:
        try:
            return self._key.current()
        except KeyMissing as error:
            raise GeneratorRefused(str(error)) from error
        except KeyUnavailable as error:
            raise GeneratorUnavailable(str(error)) from error

    def _asked(self, prompt: Prompt, key: str, timeout_s: float) -> urllib3.BaseHTTPResponse:
        return self._pool.request(
            "POST",
            self._url,
            body=json.dumps(self._body(prompt)).encode(),
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
                "Accept": "text/event-stream",
            },
            timeout=urllib3.Timeout(connect=min(1.0, timeout_s), read=timeout_s),
            retries=False,
            redirect=False,
            preload_content=False,
        )

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.text} for message in prompt.messages],
            "max_tokens": prompt.max_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if prompt.json_schema is not None:
            named = {"name": "text", "strict": True, "schema": dict(prompt.json_schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return body

    def _meaning(self, status: int, key: str) -> SottoError:
        if status in (401, 403):
            self._key.refused(key)
            return GeneratorRefused(f"the host refuses the key ({status}): replace the secret")
        if status == 429:
            return GeneratorBusy("the host is asked too often (429)")
        if status in (408, 504):
            return GeneratorLate(f"the host did not finish in time ({status})")
        if 400 <= status < 500:
            return GeneratorRefused(f"the host refuses the request ({status}): check the model's name and the address")
        return GeneratorUnavailable(f"the host answered {status}")


def _pieces(response: urllib3.BaseHTTPResponse) -> Pieces[TextDelta, None, None]:
    events = ServerSentEvents()
    while chunk := _next(response):
        yield TextDelta()  # lets the reader look at the clock, whatever the chunk holds
        for data in events.feed(chunk):
            if data == "[DONE]":
                return
            yield _piece(data)
    raise CutOff("the stream ended without [DONE]")


def _next(response: urllib3.BaseHTTPResponse) -> bytes:
    try:
        return response.read1(65_536)
    except ReadTimeoutError as error:
        raise GeneratorLate("the stream stalled") from error


def _piece(data: str) -> TextDelta:
    try:
        event = json.loads(data)
        if "error" in event:
            raise GeneratorUnavailable("the host broke off with an error")
        choice = (event.get("choices") or [{}])[0]
        usage = event.get("usage") or None
        return TextDelta(
            text=str((choice.get("delta") or {}).get("content") or ""),
            finish=_FINISH.get(reason, "stop") if (reason := choice.get("finish_reason")) else "",
            usage=Usage(int(usage["prompt_tokens"]), int(usage["completion_tokens"])) if usage else None,
            model=str(event.get("model") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GeneratorUnavailable("an event of the stream is not a chat completion chunk") from error
