"""The events of an HTTP API, payload format 2.0, as far as they are used, and what it wants back.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sotto.api.rest.http import Request, Response
from sotto.core.validation import read_event, silent


class _Http(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    method: str = Field(max_length=20)


class _Context(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    http: _Http


class HttpEvent(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    path: str = Field(alias="rawPath")
    query: str = Field(default="", alias="rawQueryString")
    headers: dict[str, str] = {}
    body: str | None = None
    is_base64: bool = Field(default=False, alias="isBase64Encoded")
    context: _Context = Field(alias="requestContext")


_events = silent(HttpEvent)


def request_from(event: Any) -> Request:
    """Raises MalformedEvent."""
    read: HttpEvent = read_event(_events, event, "one of an HTTP API, format 2.0")
    headers = {name.lower(): value for name, value in read.headers.items()}
    return Request(read.context.http.method, read.path, read.query, headers, _body(read))


def _body(read: HttpEvent) -> bytes:
    if read.body is None:
        return b""
    if not read.is_base64:
        return read.body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(read.body, validate=True)
    except binascii.Error:
        return b"\x00"  # no JSON


def answer_of(response: Response) -> dict[str, Any]:
    return {
        "statusCode": response.status,
        "headers": dict(response.headers),
        "body": response.body.decode(),
        "isBase64Encoded": False,
    }
