"""A stage of a WebSocket API: where clients connect, and the management API beside it."""

from __future__ import annotations

import asyncio
import base64
import inspect
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from local.aws.api_gateway.connection import LARGEST_MESSAGE_BYTES, GatewayConnection, HandshakeRefused, WebSocketRoutes
from local.aws.api_gateway.events import Event, Opened
from local.aws.appsync.authorisation import IamCaller
from local.aws.client_socket import SlowClient
from local.aws.signed_requests import NotSigned, check_signature
from sotto.core.clock import Clock


class WebSocketApi:
    """``invoke(name, event)`` runs a function; plain functions are given a thread."""

    def __init__(
        self,
        routes: WebSocketRoutes,
        invoke: Callable[[str, Event], Any],
        *,
        iam: IamCaller,
        clock: Clock,
        stage: str = "live",
    ) -> None:
        self.stage = stage
        self._routes = routes
        self._run = invoke
        self._iam = iam
        self._clock = clock
        self._open: dict[str, GatewayConnection] = {}

    def routes(self) -> list[BaseRoute]:
        managed = f"/{self.stage}/@connections/{{id:path}}"
        return [
            WebSocketRoute(f"/{self.stage}", self._connect),
            Route(managed, self._manage, methods=["POST", "GET", "DELETE"]),
        ]

    async def _connect(self, socket: WebSocket) -> None:
        opened = Opened(
            stage=self.stage,
            region=self._iam.region,
            # As API Gateway's look: base64 with its padding, which has to be escaped in an address.
            id=base64.b64encode(uuid.uuid4().bytes[:11]).decode(),
            connected_at_ms=int(self._clock.now_ms()),
            host=socket.headers.get("host", ""),
            headers=dict(socket.headers),
            query=dict(socket.query_params),
            source_ip=socket.client.host if socket.client else "",
        )
        connection = GatewayConnection(socket, opened, self._routes, self._invoke, self._clock)
        try:
            await connection.open()
        except HandshakeRefused:
            return
        self._open[opened.id] = connection
        try:
            await connection.serve()
        finally:
            del self._open[opened.id]

    async def _invoke(self, name: str, event: Event) -> Any:
        if inspect.iscoroutinefunction(self._run):
            return await self._run(name, event)
        return await asyncio.to_thread(self._run, name, event)

    async def _manage(self, request: Request) -> Response:
        body = await request.body()
        try:
            check_signature(request, body, "execute-api", self._iam)
        except NotSigned as error:
            return _refused(403, "ForbiddenException", str(error))
        if len(body) > LARGEST_MESSAGE_BYTES:
            return _refused(413, "PayloadTooLargeException", "Message too long")
        connection = self._open.get(unquote(request.path_params["id"]))
        if connection is None:
            return _refused(410, "GoneException", None)
        match request.method:
            case "DELETE":
                connection.end()
                return Response(status_code=204)
            case "GET":
                return JSONResponse(self._described(connection))
            case _:
                return self._posted(connection, body)

    @staticmethod
    def _posted(connection: GatewayConnection, body: bytes) -> Response:
        try:
            connection.post(body.decode())
        except SlowClient:
            return _refused(429, "LimitExceededException", "the client does not read")
        return Response(status_code=200)

    @staticmethod
    def _described(connection: GatewayConnection) -> dict[str, Any]:
        at = {"connectedAt": connection.opened.connected_at_ms, "lastActiveAt": connection.last_active_ms}
        return {
            **{name: datetime.fromtimestamp(ms / 1000, UTC).isoformat() for name, ms in at.items()},
            "identity": {
                "sourceIp": connection.opened.source_ip,
                "userAgent": connection.opened.headers.get("user-agent", ""),
            },
        }


def _refused(status: int, kind: str, message: str | None) -> Response:
    headers = {"x-amzn-errortype": kind, "x-amzn-requestid": str(uuid.uuid4())}
    return Response(json.dumps({"message": message}), status, headers, "application/json")
