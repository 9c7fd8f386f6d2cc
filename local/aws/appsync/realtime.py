"""AppSync's real-time protocol over one WebSocket.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from local.aws.appsync.authorisation import AuthorisationFailed, Authoriser, VerifiedIdentity
from local.aws.appsync.execution import Executor, InvalidOperation, Json, RequestContext
from local.aws.appsync.subscriptions import Subscription, Subscriptions
from local.aws.client_socket import ClientSocket, SlowClient
from sotto.core.clock import Clock

CONNECTION_TIMEOUT_MS = 300_000
KEEP_ALIVE_MS = 60_000
MOST_SUBSCRIPTIONS = 100

_SUBPROTOCOL = "graphql-ws"


@dataclass(frozen=True)
class RealtimeApi:
    executor: Executor
    subscriptions: Subscriptions
    authoriser: Authoriser
    clock: Clock


class RequestError(Exception):
    """An ``error`` message to the client."""

    def __init__(self, errors: list[Json]) -> None:
        super().__init__(str(errors))
        self.errors = errors

    @classmethod
    def of(cls, error_type: str, message: str) -> RequestError:
        return cls([{"errorType": error_type, "message": message}])


class RealtimeConnection:
    """One client. ``serve`` returns when either side has ended it."""

    def __init__(self, socket: WebSocket, api: RealtimeApi) -> None:
        self._socket = socket
        self._api = api
        self._client = ClientSocket(socket)
        self._too_slow = asyncio.Event()
        self._open: dict[str, Subscription] = {}

    async def serve(self) -> None:
        offered = self._socket.scope.get("subprotocols") or []
        await self._socket.accept(subprotocol=_SUBPROTOCOL if _SUBPROTOCOL in offered else None)
        try:
            if await self._initialised():
                await self._client.serve_until_one_ends(self._read(), self._keep_alive(), self._too_slow.wait())
        except WebSocketDisconnect:
            pass
        finally:
            for subscription in self._open.values():
                self._api.subscriptions.remove(subscription)
            await self._client.close(1013 if self._too_slow.is_set() else 1000)

    def offer(self, frame: str) -> None:
        try:
            self._client.post(frame)
        except SlowClient:
            self._too_slow.set()

    def end(self, subscription_id: str) -> None:
        self._stop(subscription_id)

    async def _initialised(self) -> bool:
        message = await self._received()
        try:
            self._identify(_connection_headers(self._socket))
        except AuthorisationFailed as error:
            await self._refuse({"errorType": "UnauthorizedException", "errorCode": 401, "message": str(error)})
            return False
        except ValueError as error:
            await self._refuse({"errorType": "BadRequestException", "errorCode": 400, "message": str(error)})
            return False
        await self._answer(message)
        return True

    async def _refuse(self, error: Json) -> None:
        await self._socket.send_json({"type": "connection_error", "payload": {"errors": [error]}})

    async def _read(self) -> None:
        while True:
            await self._answer(await self._received())

    async def _keep_alive(self) -> None:
        while True:
            self._say({"type": "ka"})
            await self._api.clock.sleep_ms(KEEP_ALIVE_MS)

    async def _received(self) -> Any:
        try:
            return json.loads(await self._socket.receive_text())
        except (ValueError, KeyError, TypeError, RecursionError):
            # No JSON, or a binary frame: answered like any message that is not known.
            return None

    async def _answer(self, message: Any) -> None:
        kind = message.get("type") if isinstance(message, Mapping) else None
        match kind:
            case "connection_init":
                self._say({"type": "connection_ack", "payload": {"connectionTimeoutMs": CONNECTION_TIMEOUT_MS}})
            case "start":
                await self._start(message)
            case "stop":
                self._stop(str(message.get("id")))
            case _:
                self._complain(None, RequestError.of("UnsupportedOperation", _unsupported("unknown")))

    async def _start(self, message: Json) -> None:
        given = str(message.get("id", ""))
        try:
            subscription = await self._subscribed(given, message)
        except RequestError as error:
            self._complain(given, error)
            return
        # In one step of the loop, so that everything published after start_ack is delivered, and after it.
        self._say({"id": given, "type": "start_ack"})
        self._open[given] = subscription
        self._api.subscriptions.add(subscription)

    async def _subscribed(self, given: str, message: Json) -> Subscription:
        if len(self._open) >= MOST_SUBSCRIPTIONS:
            raise RequestError.of(
                "MaxSubscriptionsReachedError", f"Max number of {MOST_SUBSCRIPTIONS} subscriptions reached"
            )
        if not given or given in self._open:
            raise RequestError.of("DuplicatedOperationError", "id: give every subscription an id of its own")
        caller, request = self._start_request(message)
        try:
            operation = self._api.executor.read(request)
        except InvalidOperation as error:
            raise RequestError(error.errors) from error
        if operation.kind != "subscription":
            raise RequestError.of("UnsupportedOperation", _unsupported(operation.kind))
        outcome = await self._api.executor.run(operation, caller)
        if outcome.errors or len(outcome.roots) != 1:
            raise RequestError(outcome.errors or [{"errorType": "BadRequestException", "message": "one field, please"}])
        return Subscription(given, self, operation, caller, outcome.roots[0])

    def _start_request(self, message: Json) -> tuple[RequestContext, Any]:
        try:
            payload = message["payload"]
            headers = _lower(payload["extensions"]["authorization"])
            request = json.loads(payload["data"])
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            text = "payload: {data: text of {query, variables}, extensions: {authorization}} expected"
            raise RequestError.of("BadRequestException", text) from error
        try:
            return RequestContext(self._identify(headers), headers), request
        except AuthorisationFailed as error:
            raise RequestError.of("UnauthorizedException", str(error)) from error

    def _identify(self, headers: Mapping[str, str]) -> VerifiedIdentity:
        return self._api.authoriser.identify_token(headers.get("authorization", ""))

    def _stop(self, given: str) -> None:
        subscription = self._open.pop(given, None)
        if subscription is None:
            self._complain(given, RequestError.of("UnknownOperationError", f"Unknown operation id {given}"))
            return
        self._api.subscriptions.remove(subscription)
        self._say({"id": given, "type": "complete"})

    def _complain(self, given: str | None, error: RequestError) -> None:
        about = {"id": given} if given else {}
        self._say({**about, "type": "error", "payload": {"errors": error.errors}})

    def _say(self, message: Json) -> None:
        self.offer(json.dumps(message, separators=(",", ":")))


def _connection_headers(socket: WebSocket) -> Mapping[str, str]:
    """The authorisation headers, from the address or from a subprotocol. Raises ValueError."""
    encoded = socket.query_params.get("header") or _from_subprotocol(socket.scope.get("subprotocols") or [])
    try:
        headers = _lower(json.loads(_base64(encoded)))
    except (ValueError, AttributeError, RecursionError, binascii.Error) as error:
        raise ValueError("Required headers are missing.") from error
    if "host" not in headers:
        raise ValueError("Required headers are missing.")
    return headers


def _from_subprotocol(offered: list[str]) -> str:
    return next((name.removeprefix("header-") for name in offered if name.startswith("header-")), "")


def _base64(text: str) -> bytes:
    # Both alphabets are in use: base64url by browsers in a subprotocol, plain base64 in the address by older clients.
    plain = text.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _lower(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}


def _unsupported(kind: str) -> str:
    return f"{kind} not supported through the realtime channel"
