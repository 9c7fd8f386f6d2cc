"""One WebSocket connection: authorised, opened, its messages routed to functions, ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from local.aws.api_gateway.events import Event, Opened
from local.aws.client_socket import ClientSocket, SlowClient
from sotto.core.clock import Clock

LARGEST_FRAME_BYTES = 32 * 1024
LARGEST_MESSAGE_BYTES = 128 * 1024
LONGEST_MS = 2 * 3_600_000
IDLE_MS = 600_000
MOST_MESSAGES_AT_ONCE = 64
GOING_AWAY, TOO_BIG, TOO_SLOW = 1001, 1009, 1013

Invoke = Callable[[str, Event], Awaitable[Any]]
"""Runs a function by name and gives its answer; raises when it failed."""


@dataclass(frozen=True, slots=True)
class WebSocketRoutes:
    """``by_key``: route key -> function. ``by_key["$default"]`` may be missing."""

    authoriser: str
    by_key: Mapping[str, str]


class HandshakeRefused(Exception):
    """The handshake is answered with an HTTP status instead of a connection."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class GatewayConnection:
    def __init__(
        self, socket: WebSocket, opened: Opened, routes: WebSocketRoutes, invoke: Invoke, clock: Clock
    ) -> None:
        self.opened = opened
        self.last_active_ms = opened.connected_at_ms
        self._socket = socket
        self._routes = routes
        self._invoke = invoke
        self._clock = clock
        self._client = ClientSocket(socket)
        self._end = asyncio.Event()
        self._code, self._reason = 1000, ""

    async def open(self) -> None:
        """Authorise and connect. Raises Refused, which the client has then been answered."""
        try:
            await self._authorise()
            protocol = await self._connect()
        except HandshakeRefused as refused:
            await self._socket.send_denial_response(Response(status_code=refused.status))
            raise
        await self._socket.accept(subprotocol=protocol)

    async def serve(self) -> None:
        """Until either side, the idle time or the longest duration ends it."""
        self._touch()
        try:
            await self._client.serve_until_one_ends(
                self._read(), self._idle(), self._clock.sleep_ms(LONGEST_MS), self._end.wait()
            )
            if self._code == 1000 and not self._end.is_set():
                self._code, self._reason = GOING_AWAY, "Going away"
        except WebSocketDisconnect as gone:
            self._code, self._reason = gone.code, gone.reason or ""
        finally:
            await self._client.close(self._code, self._reason)
            event = self.opened.disconnect_event(self._code, self._reason, self._now_ms())
            await self._best_effort("$disconnect", event)

    def post(self, text: str) -> None:
        """Raises SlowClient."""
        self._client.post(text)
        self._touch()

    def end(self, code: int = 1000, reason: str = "") -> None:
        self._code, self._reason = code, reason
        self._end.set()

    async def _authorise(self) -> None:
        if "sec-websocket-protocol" not in self.opened.headers:
            raise HandshakeRefused(401)  # an identity source is missing, so the authoriser is not asked
        try:
            policy = await self._invoke(self._routes.authoriser, self.opened.authoriser_event(self._now_ms()))
            (statement,) = policy["policyDocument"]["Statement"]
        except Exception as error:
            raise HandshakeRefused(401 if str(error) == "Unauthorized" else 500) from error
        if statement["Effect"] != "Allow":
            raise HandshakeRefused(403)
        given = policy.get("context") or {}
        if not all(isinstance(value, str | int | float | bool) for value in given.values()):
            raise HandshakeRefused(500)
        self.opened.authorizer = {
            "principalId": policy["principalId"],
            "integrationLatency": 1,
            **{name: str(value) for name, value in given.items()},
        }

    async def _connect(self) -> str | None:
        try:
            answer = await self._invoke(self._routes.by_key["$connect"], self.opened.connect_event(self._now_ms()))
        except Exception as error:
            raise HandshakeRefused(502) from error
        status = int(answer.get("statusCode", 500))
        if not 200 <= status < 300:
            raise HandshakeRefused(status)
        headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
        return headers.get("sec-websocket-protocol")

    async def _read(self) -> None:
        turn = asyncio.Semaphore(MOST_MESSAGES_AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            while True:
                body = await self._socket.receive_text()
                self._touch()
                # Browsers send a message as one frame, so the frame's limit is the message's.
                if len(body.encode()) > LARGEST_FRAME_BYTES:
                    self.end(TOO_BIG, "Message too big")
                    await asyncio.Event().wait()
                await turn.acquire()
                tasks.create_task(self._route(body)).add_done_callback(lambda _: turn.release())

    async def _route(self, body: str) -> None:
        route = self._selected(body)
        function = self._routes.by_key.get(route)
        event = self.opened.message_event(route, body, self._now_ms())
        problem = "Forbidden"
        if function is not None:
            try:
                await self._invoke(function, event)
                return
            except Exception:
                problem = "Internal server error"
        context = event["requestContext"]
        reply = {"message": problem, "connectionId": context["connectionId"], "requestId": context["requestId"]}
        try:
            self.post(json.dumps(reply))
        except SlowClient:
            self.end(TOO_SLOW)

    def _selected(self, body: str) -> str:
        """``$request.body.action``; what is no JSON, or names no route, goes to ``$default``."""
        try:
            action = json.loads(body).get("action")
        except (ValueError, AttributeError, RecursionError):
            return "$default"
        return action if isinstance(action, str) and action in self._routes.by_key else "$default"

    async def _idle(self) -> None:
        while (rest := self.last_active_ms + IDLE_MS - self._now_ms()) > 0:
            await self._clock.sleep_ms(rest)

    async def _best_effort(self, route: str, event: Event) -> None:
        """API Gateway tries to deliver $disconnect and does not promise it."""
        try:
            await self._invoke(self._routes.by_key[route], event)
        except Exception:
            return

    def _touch(self) -> None:
        self.last_active_ms = self._now_ms()

    def _now_ms(self) -> int:
        return int(self._clock.now_ms())
