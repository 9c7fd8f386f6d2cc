"""What a message of the Model Context Protocol must be, and what is wrong with one: JSON-RPC 2.0 over HTTP.

Two ways to speak: since 2026-07-28 each request says by itself which version it is in (``params._meta``, and headers
that repeat it); before that a client greets with ``initialize`` and names the version in a header. Neither has a
session here.
https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sotto.api.rest.http import Request
from sotto.core.errors import Rejected

MODERN = ("2026-07-28",)
GREETED = ("2025-11-25", "2025-06-18", "2025-03-26")
"""The newest first."""
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32700, -32600, -32601, -32602, -32603
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022
_STATUS = {
    PARSE_ERROR: 400,
    INVALID_REQUEST: 400,
    INVALID_PARAMS: 400,
    HEADER_MISMATCH: 400,
    UNSUPPORTED_VERSION: 400,
    METHOD_NOT_FOUND: 404,
}
_ALWAYS = frozenset({PARSE_ERROR, INVALID_REQUEST, HEADER_MISMATCH, UNSUPPORTED_VERSION})
_META = "io.modelcontextprotocol/"
_ENCODED = re.compile(r"=\?base64\?(.*)\?=")


class RpcError(Rejected):
    """Answered as an error of JSON-RPC. ``id``: of the request, None where it could not be read."""

    def __init__(self, code: int, message: str, *, id: str | int | None = None, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.id, self.data = code, id, data

    def status(self, *, is_modern: bool) -> int:
        """Before 2026-07-28 what a method answers was 200, whatever it was."""
        known = _STATUS.get(self.code, 200)
        return known if is_modern or self.code in _ALWAYS else 200

    def content(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": str(self)}
        if self.data is not None:
            error["data"] = self.data
        return {"jsonrpc": "2.0", "id": self.id, "error": error}


@dataclass(frozen=True, slots=True)
class Call:
    """``id`` None: a notification, which gets no answer."""

    id: str | int | None
    method: str
    params: Mapping[str, Any]
    is_modern: bool


def read_call(found: Any, request: Request) -> Call:
    """Raises RpcError."""
    if not isinstance(found, dict):
        raise RpcError(INVALID_REQUEST, "Send one JSON-RPC request or notification; batches are not taken.")
    id, method, params = found.get("id"), found.get("method"), found.get("params", {})
    if "id" in found and (isinstance(id, bool) or not isinstance(id, str | int)):
        raise RpcError(INVALID_REQUEST, "id: a string or a whole number.")
    if found.get("jsonrpc") != "2.0" or not isinstance(method, str) or not method:
        raise RpcError(INVALID_REQUEST, "A request has jsonrpc 2.0 and a method.", id=id)
    if not isinstance(params, dict):
        raise RpcError(INVALID_PARAMS, "params: an object.", id=id)
    version = request.headers.get("mcp-protocol-version")
    meta = params.get("_meta")
    says_itself = isinstance(meta, dict) and f"{_META}protocolVersion" in meta
    if (version is None or version in GREETED) and not says_itself:
        return Call(id, method, params, is_modern=False)
    if id is None:
        if version not in MODERN:
            raise _unsupported(version, None)
        return Call(None, method, params, is_modern=True)
    _check_envelope(id, method, params, meta, request)
    return Call(id, method, params, is_modern=True)


def _check_envelope(id: str | int, method: str, params: Mapping[str, Any], meta: Any, request: Request) -> None:
    """Raises RpcError."""
    needed = {f"{_META}protocolVersion": str, f"{_META}clientCapabilities": dict}
    known = meta if isinstance(meta, dict) else {}
    wrong = [name for name, kind in needed.items() if not isinstance(known.get(name), kind)]
    version = request.headers.get("mcp-protocol-version")
    if wrong and version is not None and version not in MODERN:
        raise _unsupported(version, id)
    if wrong:
        raise RpcError(INVALID_PARAMS, f"params._meta: {', '.join(wrong)} is missing or of a wrong type.", id=id)
    claimed = known[f"{_META}protocolVersion"]
    repeated = {"mcp-protocol-version": claimed, "mcp-method": method}
    if method == "tools/call" and isinstance(params.get("name"), str):
        repeated["mcp-name"] = params["name"]
    for name, value in repeated.items():
        if _decoded(request.headers.get(name)) != value:
            raise RpcError(HEADER_MISMATCH, f"{name}: the header must repeat what the body says.", id=id)
    if claimed not in MODERN:
        raise _unsupported(claimed, id)


def _unsupported(requested: Any, id: str | int | None) -> RpcError:
    data = {"supported": list(MODERN), "requested": str(requested)[:40]}
    return RpcError(UNSUPPORTED_VERSION, "Unsupported protocol version", id=id, data=data)


def _decoded(header: str | None) -> str | None:
    found = _ENCODED.fullmatch(header) if header is not None else None
    if found is None:
        return header
    try:
        return base64.b64decode(found[1], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
