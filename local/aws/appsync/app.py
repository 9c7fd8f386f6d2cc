"""The emulated AppSync GraphQL API as an ASGI application."""

from __future__ import annotations

import json
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from local.aws.appsync.authorisation import AuthorisationFailed, Authoriser, HttpRequest
from local.aws.appsync.bounds import LARGEST_REQUEST_BYTES
from local.aws.appsync.execution import Executor, InvalidOperation, Json, RequestContext
from local.aws.appsync.realtime import RealtimeApi, RealtimeConnection
from local.aws.appsync.resolvers import Invoke, Resolvers
from local.aws.appsync.schema import Api
from local.aws.appsync.subscriptions import Subscriptions
from sotto.core.clock import Clock


def appsync_app(
    api: Api,
    resolvers: Resolvers,
    *,
    invoke: Invoke,
    authoriser: Authoriser,
    clock: Clock,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """POST /graphql, and the real-time protocol at /graphql and /graphql/realtime; ``routes`` stand beside them."""
    executor = Executor(api, resolvers, invoke)
    subscriptions = Subscriptions(executor)
    realtime = RealtimeApi(executor, subscriptions, authoriser, clock)

    async def graphql(request: Request) -> JSONResponse:
        try:
            return await _answered(request, executor, subscriptions, authoriser)
        except AuthorisationFailed as error:
            return _refused(401, [{"errorType": "UnauthorizedException", "message": str(error)}])

    async def connect(socket: WebSocket) -> None:
        await RealtimeConnection(socket, realtime).serve()

    return Starlette(
        routes=[
            Route("/graphql", graphql, methods=["POST"]),
            WebSocketRoute("/graphql", connect),
            WebSocketRoute("/graphql/realtime", connect),
            *routes,
        ],
    )


async def _answered(
    request: Request, executor: Executor, subscriptions: Subscriptions, authoriser: Authoriser
) -> JSONResponse:
    body = await _body(request)
    if body is None:
        message = f"A request has {LARGEST_REQUEST_BYTES} bytes at most."
        return _refused(413, [{"errorType": "RequestEntityTooLargeException", "message": message}])
    identity = authoriser.identify(HttpRequest(request.method, str(request.url), request.headers, body))
    try:
        operation = executor.read(json.loads(body))
    except (ValueError, RecursionError):
        message = "Request body is not valid JSON."
        return _refused(400, [{"errorType": "MalformedHttpRequestException", "message": message}])
    except InvalidOperation as error:
        malformed = error.errors[0]["errorType"] == "MalformedHttpRequestException"
        return _refused(400 if malformed else 200, error.errors)
    if operation.kind == "subscription":
        message = "subscription not supported through the HTTP endpoint; use the real-time endpoint"
        return _refused(400, [{"errorType": "UnsupportedOperation", "message": message}])
    outcome = await executor.run(operation, RequestContext(identity, dict(request.headers)))
    if operation.kind == "mutation":
        subscriptions.publish(outcome)
    return JSONResponse(outcome.answer())


async def _body(request: Request) -> bytes | None:
    """None where it is too large: the rest of it is not read."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_REQUEST_BYTES:
            return None
    return bytes(body)


def _refused(status: int, errors: list[Json]) -> JSONResponse:
    headers = {"x-amzn-errortype": str(errors[0]["errorType"])} if status != 200 else None
    answer: Json = {"errors": errors} if status != 200 else {"data": None, "errors": errors}
    return JSONResponse(answer, status, headers)
