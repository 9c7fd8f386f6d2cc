"""An HTTP API with one Lambda integration, payload format 2.0: what it passes on, and what it refuses by itself.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sotto.core.clock import Clock

MOST_BODY_BYTES = 10 * 1024 * 1024
MOST_HEADER_BYTES = 10_240
WAITS_S = 30.0
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_TEXT = ("text/", "application/json", "application/xml", "application/javascript")
"""Bodies of other types reach the function in base64."""
_DROPPED = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive", "upgrade", "host"})


class HttpApi:
    """``invoke(name, event)`` runs a function, in a thread, and raises where it fails. ``prefix``: of the addresses
    that it has; ``beside``: single ones. ``waits_s``: for the function; longer where a test's machine is busy."""

    def __init__(
        self,
        function: str,
        invoke: Callable[[str, dict[str, Any]], Any],
        *,
        clock: Clock,
        prefix: str = "/v1",
        beside: tuple[str, ...] = ("/mcp",),
        waits_s: float = WAITS_S,
    ) -> None:
        self._function = function
        self._invoke = invoke
        self._clock = clock
        self._prefix = prefix
        self._beside = beside
        self._waits_s = waits_s

    def routes(self) -> list[BaseRoute]:
        route = Route(f"{self._prefix}/{{address:path}}", self._answer, methods=_METHODS)
        # Starlette's own pattern leaves out addresses with line breaks.
        route.path_regex = re.compile(f"^{re.escape(self._prefix)}/(?P<address>.*)$", re.DOTALL)
        return [route, *(Route(each, self._answer, methods=_METHODS) for each in self._beside)]

    async def _answer(self, request: Request) -> Response:
        if sum(len(name) + len(value) for name, value in request.headers.raw) > MOST_HEADER_BYTES:
            return _refused(431, "Request Header Fields Too Large")
        body = await _read(request)
        if body is None:
            return _refused(413, "Request Entity Too Large")
        event = self._event(request, body)
        try:
            async with asyncio.timeout(self._waits_s):
                found = await asyncio.to_thread(self._invoke, self._function, event)
        except TimeoutError:
            return _refused(503, "Service Unavailable")
        except Exception:  # what a failed function says stays in its log
            return _refused(500, "Internal Server Error")
        return _response(found)

    def _event(self, request: Request, body: bytes) -> dict[str, Any]:
        path = unquote(request.scope["raw_path"].decode("latin-1").partition("?")[0], errors="replace")
        now_ms = int(self._clock.now_ms())
        headers = _headers(request)
        encoded = bool(body) and not headers.get("content-type", "").startswith(_TEXT)
        text = base64.b64encode(body).decode() if encoded else body.decode("utf-8", errors="replace")
        cookies = [each.strip() for each in headers.pop("cookie", "").split(";") if each.strip()]
        return {
            "version": "2.0",
            "routeKey": f"ANY {self._prefix}/{{address+}}",
            "rawPath": path,
            "rawQueryString": request.scope["query_string"].decode("latin-1"),
            **({"cookies": cookies} if cookies else {}),
            "headers": headers,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "local",
                "domainName": headers.get("host", ""),
                "http": {
                    "method": request.method,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": request.client.host if request.client else "",
                    "userAgent": headers.get("user-agent", ""),
                },
                "requestId": str(uuid.uuid4()),
                "routeKey": f"ANY {self._prefix}/{{address+}}",
                "stage": "$default",
                "timeEpoch": now_ms,
            },
            **({"body": text} if body else {}),
            "isBase64Encoded": encoded,
        }


async def _read(request: Request) -> bytes | None:
    """None for more than is taken."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MOST_BODY_BYTES:
            return None
    return bytes(found)


def _headers(request: Request) -> dict[str, str]:
    """Names in lower case; several of one name are one, with commas between."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _response(found: Any) -> Response:
    """A function that answers anything else has failed."""
    if not isinstance(found, Mapping) or not isinstance(found.get("statusCode"), int):
        return _refused(500, "Internal Server Error")
    body = found.get("body") or ""
    content = base64.b64decode(body) if found.get("isBase64Encoded") else str(body).encode()
    given = found.get("headers") or {}
    headers = {name: str(value) for name, value in given.items() if name.lower() not in _DROPPED}
    return Response(content, found["statusCode"], {**headers, "apigw-requestid": uuid.uuid4().hex[:16]})


def _refused(status: int, message: str) -> Response:
    """In API Gateway's own words, which are no problem+json."""
    headers = {"apigw-requestid": uuid.uuid4().hex[:16]}
    return Response(json.dumps({"message": message}), status, headers, "application/json")
