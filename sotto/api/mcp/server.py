"""POST /mcp: one message, one answer, as JSON. Nothing is remembered between two of them, so any process may answer.

Who asks is known by the same keys and tokens as the REST API's, counted with the same limit, and sees the tools whose
routes they may use. What goes wrong inside a tool is told in its result, so that a model can do better; what is wrong
with the message is an error of JSON-RPC.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sotto.api.keys.authorise import Principal, identified
from sotto.api.mcp import protocol
from sotto.api.mcp.protocol import Call, RpcError
from sotto.api.mcp.tools import TOOLS, called, tool
from sotto.api.rest.answer import VERSIONS, GatePorts, problem_response, within_limit
from sotto.api.rest.http import JSON, Request, Response
from sotto.api.rest.problem import Means, Problem, nobody, problem_of
from sotto.core.errors import SottoError

PATH = "/mcp"
_ABOUT = (
    "Conversations of a contact centre: what was said, summaries, scorecards, what is known of a customer, figures."
    " Words are redacted. Each result lists the calls and utterances that it rests on under citations; cite them."
)
_SERVER = {"name": "sotto", "title": "Sotto", "version": VERSIONS[-1]}
_OUR_FAULT = "This is our fault, and we know of it; try again."
_KEPT_MS = 60_000


def answer(request: Request, ports: GatePorts) -> Response:
    """Never raises."""
    try:
        answered = _answered(request, ports)
    except RpcError as error:
        answered = _rpc(error.content(), error.status(is_modern=_is_modern(request)))
    except Problem as problem:
        answered = problem_response(problem)
    except Exception as error:
        ports.failed(error)
        failed = RpcError(protocol.INTERNAL_ERROR, _OUR_FAULT)
        answered = _rpc(failed.content(), 500)
    return answered.with_headers({"Cache-Control": "no-store"})


def _answered(request: Request, ports: GatePorts) -> Response:
    if request.method != "POST":
        detail = "Here there is POST: neither streams nor sessions are kept."
        raise Problem(405, "method-not-allowed", detail, headers={"Allow": "POST"})
    _check_origin(request)
    try:
        principal = identified(request.headers.get("authorization"), ports.door)
    except SottoError as error:
        raise nobody(error) from None
    try:
        left = within_limit(principal, ports)
    except SottoError as error:
        raise problem_of(error, Means(), about_one=False) from None
    wanted = [each.partition(";")[0].strip() for each in request.headers.get("accept", "*/*").split(",")]
    if not {"*/*", "application/*", JSON} & set(wanted):
        raise Problem(406, "not-acceptable", f"Answers are {JSON}; accept it.")
    return _replied(request, principal, ports).with_headers(left)


def _replied(request: Request, principal: Principal, ports: GatePorts) -> Response:
    try:
        found = request.json()
    except Problem as problem:
        if problem.status != 400:
            raise
        raise RpcError(protocol.PARSE_ERROR, "The body is no JSON that can be read.") from None
    call = protocol.read_call(found, request)
    if call.id is None:
        return Response(202)
    try:
        result = _result(call, principal, ports)
    except RpcError as error:
        error.id = call.id
        raise
    except SottoError:
        raise
    except Exception as error:
        ports.failed(error)
        raise RpcError(protocol.INTERNAL_ERROR, _OUR_FAULT, id=call.id) from None
    more = (
        {"resultType": "complete", "_meta": {"io.modelcontextprotocol/serverInfo": _SERVER}} if call.is_modern else {}
    )
    return _rpc({"jsonrpc": "2.0", "id": call.id, "result": result | more}, 200)


def _result(call: Call, principal: Principal, ports: GatePorts) -> dict[str, Any]:
    """Raises RpcError."""
    match call.method:
        case "tools/list":
            kept = {"ttlMs": _KEPT_MS, "cacheScope": "private"} if call.is_modern else {}
            return {"tools": [each.shape for each in TOOLS if each.may(principal)]} | kept
        case "tools/call":
            return _called(call.params, principal, ports)
        case "server/discover" if call.is_modern:
            return {
                "supportedVersions": list(protocol.MODERN),
                "capabilities": {"tools": {}},
                "instructions": _ABOUT,
                "ttlMs": _KEPT_MS,
                "cacheScope": "private",
            }
        case "initialize" if not call.is_modern:
            asked = call.params.get("protocolVersion")
            version = asked if asked in protocol.GREETED else protocol.GREETED[0]
            return {
                "protocolVersion": version,
                "capabilities": {"tools": {}},
                "serverInfo": _SERVER,
                "instructions": _ABOUT,
            }
        case "ping" if not call.is_modern:
            return {}
    raise RpcError(protocol.METHOD_NOT_FOUND, "There is no such method here.")


def _called(params: Mapping[str, Any], principal: Principal, ports: GatePorts) -> dict[str, Any]:
    name, arguments = params.get("name"), params.get("arguments") or {}
    known = tool(name) if isinstance(name, str) else None
    if known is None or not known.may(principal):
        raise RpcError(protocol.INVALID_PARAMS, "name: there is no such tool; tools/list says which there are.")
    if not isinstance(arguments, dict):
        raise RpcError(protocol.INVALID_PARAMS, "arguments: an object.")
    try:
        made = called(known, arguments, principal, ports)
    except SottoError as error:
        problem = problem_of(error, known.route.means, about_one=bool(known.route.names))
        text = json.dumps(problem.content(), ensure_ascii=False)
        return {"content": [{"type": "text", "text": text}], "isError": True}
    text = json.dumps(made, ensure_ascii=False)
    return {"content": [{"type": "text", "text": text}], "structuredContent": made, "isError": False}


def _check_origin(request: Request) -> None:
    """A page of another origin, which a browser would let ask, is nobody we talk to."""
    origin, host = request.headers.get("origin"), request.headers.get("host")
    if origin is not None and urlsplit(origin).netloc != host:
        raise Problem(403, "forbidden", "Origin: pages of other origins are not answered.")


def _is_modern(request: Request) -> bool:
    version = request.headers.get("mcp-protocol-version")
    return version is not None and version not in protocol.GREETED


def _rpc(content: Mapping[str, Any], status: int) -> Response:
    return Response(status, json.dumps(content, separators=(",", ":")).encode(), {"Content-Type": JSON})
