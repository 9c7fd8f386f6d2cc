"""A served WebSocket API with the functions behind it, in the place of the AppSync stack: the same tests run over it.

``WebSocketPanel`` takes apart the GraphQL that the tests are written in, asks for the same fields over the channel,
and tells what it hears as AppSync would have told it.
"""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import boto3
import websockets
from botocore.config import Config
from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode, parse
from graphql.utilities import value_from_ast_untyped
from starlette.applications import Starlette

from functions.authorise_connection.handler import authorised
from functions.serve_connection.handler import served as said
from functions.track_connection.handler import ended, opened
from local.aws.api_gateway.sotto_websocket import sotto_websocket
from local.aws.api_gateway.websocket_api import WebSocketApi
from local.aws.appsync import IamCaller
from sotto.api.adapters.oidc_tokens import OidcTokens
from sotto.api.panel.gateway_event import GatewayEvent
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.websocket_api import DesktopPorts
from sotto.realtime.adapters.api_gateway import ApiGatewayChannel, ManagedConnections
from tests.contract.delivery_stack import ACCESS_KEY, REGION, SECRET_KEY, Stack
from tests.fakes.connections import ConnectionsInMemory

WITHIN_S = 30


@dataclass
class WebSocketStack(Stack):
    connections: ConnectionsInMemory = field(default_factory=ConnectionsInMemory)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    invoked: list[tuple[str, str]] = field(default_factory=list)
    cleared: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._clients: dict[str, Any] = {}

    @property
    def url(self) -> str:
        return f"ws://{self.host}/live"

    def app(self) -> Starlette:
        return Starlette(routes=self.api().routes())

    def api(self) -> WebSocketApi:
        return sotto_websocket(self._run, iam=IamCaller(ACCESS_KEY, SECRET_KEY, REGION), clock=self.clock)

    def channel(self, secret_key: str = SECRET_KEY) -> ApiGatewayChannel:
        return ApiGatewayChannel(self.connections, self.posts(secret_key), self.clock)

    def posts(self, secret_key: str = SECRET_KEY) -> ManagedConnections:
        return ManagedConnections(self.management(secret_key), wait_s=lambda _: None)

    def management(self, secret_key: str = SECRET_KEY) -> Any:
        if secret_key not in self._clients:
            self._clients[secret_key] = self._client(secret_key)
        return self._clients[secret_key]

    def _client(self, secret_key: str) -> Any:
        return boto3.client(
            "apigatewaymanagementapi",
            region_name=REGION,
            endpoint_url=f"http://{self.host}/live",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=secret_key,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def panel(self, token: str) -> WebSocketPanel:
        return WebSocketPanel(self, token)

    async def ask(self, token: str | None, query: str, **variables: Any) -> Answered:
        async with self.panel(token or "") as panel:
            return Answered(await panel.ask(query, **variables))

    def _run(self, name: str, event: dict[str, Any]) -> Any:
        happened = event["requestContext"]
        self.invoked.append((name, happened["routeKey"]))
        match name:
            case "authorise_connection":
                tokens = OidcTokens(
                    self.issuer.url, self.issuer.audience, self.issuer, self.clock, tenants=["bank", "garage"]
                )
                answer = authorised(event, tokens, self._log)
            case "track_connection":
                read = GatewayEvent.model_validate(event)
                answer = opened(read) if read.opens else ended(read, self.connections)
                if not read.opens:
                    self.cleared.set()
            case _:
                answer = said(GatewayEvent.model_validate(event), self._ports(), self.posts())
        return json.loads(json.dumps(answer))

    def _ports(self) -> DesktopPorts:
        return DesktopPorts(
            self._agent_ports, self.connections, lambda name, error: self.refusals.append((name, type(error).__name__))
        )

    def _agent_ports(self) -> AgentPorts:
        if self.fails:
            raise RuntimeError("text of a call")
        return self.agent_ports()


@dataclass(frozen=True)
class Answered:
    """As much of an HTTP response as the tests read."""

    content: Mapping[str, Any]

    def json(self) -> Any:
        return self.content

    @property
    def text(self) -> str:
        return json.dumps(self.content)


class WebSocketPanel:
    def __init__(self, stack: WebSocketStack, token: str) -> None:
        self._stack = stack
        self._token = token
        self._wanted: dict[str, FieldNode] = {}
        self._received: deque[Any] = deque()
        self._parts: dict[str, dict[int, str]] = {}

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(
            self._stack.url,
            subprotocols=[websockets.Subprotocol(name) for name in ("sotto", f"token.{self._token}")],
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    @property
    def protocol(self) -> str | None:
        return self._socket.subprotocol

    async def say(self, message: Mapping[str, Any]) -> None:
        await self._socket.send(json.dumps(message))

    async def say_raw(self, text: str) -> None:
        await self._socket.send(text)

    async def ended(self) -> int:
        """The code with which the connection was closed."""
        await asyncio.wait_for(self._socket.wait_closed(), WITHIN_S)
        code = self._socket.close_code
        assert code is not None
        return code

    async def received(self) -> Any:
        """The next frame as it is meant: parts are put together."""
        while True:
            frame = json.loads(await asyncio.wait_for(self._socket.recv(), WITHIN_S))
            if frame.get("type") != "part":
                return frame
            parts = self._parts.setdefault(frame["of"], {})
            parts[frame["at"]] = frame["text"]
            if len(parts) == frame["count"]:
                return json.loads("".join(text for _, text in sorted(self._parts.pop(frame["of"]).items())))

    async def start(self, id_: str, query: str, **variables: Any) -> Any:
        (root,) = _roots(query)
        self._wanted[id_] = root
        name = f"Subscription.{root.name.value}"
        await self.say({"action": "subscribe", "id": id_, "field": name, "arguments": _arguments(root, variables)})
        return await self.next("start_ack", "error")

    async def ask(self, query: str, **variables: Any) -> Any:
        operation = "Mutation" if query.lstrip().startswith("mutation") else "Query"
        roots = {root.name.value: root for root in _roots(query)}
        fields = {
            name: {"field": f"{operation}.{name}", "arguments": _arguments(root, variables)}
            for name, root in roots.items()
        }
        id_ = uuid.uuid4().hex
        await self.say({"action": "ask", "id": id_, "fields": fields})
        while (frame := await self.received()).get("id") != id_:
            pass
        if frame["type"] == "error":
            return {"errors": [{"errorType": frame["error"]["type"], "message": frame["error"]["message"]}]}
        return {"data": {name: _selected(frame["data"][name], root) for name, root in roots.items()}}

    async def next(self, *kinds: str) -> Any:
        while True:
            while self._received:
                if (frame := self._received.popleft())["type"] in kinds:
                    return frame
            self._received.extend(self._as_appsync(await self.received()))

    def _as_appsync(self, frame: Mapping[str, Any]) -> list[Any]:
        id_ = frame.get("id")
        match frame.get("type"):
            case "subscribed":
                return [{"id": id_, "type": "start_ack"}]
            case "error":
                error = {"errorType": frame["error"]["type"], "message": frame["error"]["message"]}
                return [{"id": id_, "type": "error", "payload": {"errors": [error]}}]
            case "data":
                root = self._wanted[str(id_)]
                items = frame["messages"] if "messages" in frame else [frame["assignment"]]
                return [
                    {"id": id_, "type": "data", "payload": {"data": {root.name.value: _selected(each, root)}}}
                    for each in items
                ]
            case _:
                return [frame]


def _roots(query: str) -> list[FieldNode]:
    (operation,) = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return [each for each in operation.selection_set.selections if isinstance(each, FieldNode)]


def _arguments(root: FieldNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {each.name.value: value_from_ast_untyped(each.value, dict(variables)) for each in root.arguments or ()}


def _selected(value: Any, node: FieldNode) -> Any:
    wanted: SelectionSetNode | None = node.selection_set
    if wanted is None or value is None:
        return value
    if isinstance(value, list):
        return [_selected(each, node) for each in value]
    fields = [each for each in wanted.selections if isinstance(each, FieldNode)]
    return {each.name.value: _selected(value.get(each.name.value), each) for each in fields}
