"""A served AppSync emulation with serve_agent behind it, for the contract tests of delivery."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self, TypeVar

import httpx
import uvicorn
import websockets
from aws_lambda_powertools import Logger
from botocore.credentials import Credentials, ReadOnlyCredentials
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from starlette.applications import Starlette

from functions.serve_agent.answer import answer
from local.aws.appsync import IamCaller, LocalIssuer, sotto_appsync
from local.aws.appsync.tokens import new_key
from sotto.api.panel.ports import AgentPorts
from sotto.core.clock import Clock, SystemClock
from sotto.realtime.adapters.appsync import AppSyncChannel
from tests.fakes.call_records import FeedbackInMemory, FollowsInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.desk import Desk, KnowledgeInMemory

ACCESS_KEY, SECRET_KEY, REGION = "AKIALOCAL", "local-secret", "eu-west-2"


@cache
def one_key() -> RSAPrivateKey:
    """Making a key takes longer than most tests."""
    return new_key()


@dataclass
class Stack:
    """``clock`` rules tokens and keep-alive; signatures are made by the system's clock."""

    clock: Clock = field(default_factory=SystemClock)
    events: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    fails: bool = False

    def __post_init__(self) -> None:
        self.desk = Desk(self.clock)
        self.issuer = LocalIssuer("http://issuer.test", clock=self.clock, private_key=one_key())
        self._log = Logger(service="test")

    @property
    def conversations(self) -> ConversationsInMemory:
        return self.desk.conversations

    @property
    def feedback(self) -> FeedbackInMemory:
        return self.desk.feedback

    @property
    def knowledge(self) -> KnowledgeInMemory:
        return self.desk.knowledge

    @property
    def follows(self) -> FollowsInMemory:
        return self.desk.follows

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def serve_agent(self, name: str, event: dict[str, Any]) -> Any:
        assert name == "serve_agent"
        self.events.append(event)
        if self.fails:
            raise RuntimeError("text of a call")
        return json.loads(json.dumps(answer(event, self.agent_ports(), self._log, tenants=["bank", "garage"])))

    def agent_ports(self) -> AgentPorts:
        return self.desk.ports()

    def app(self) -> Starlette:
        return sotto_appsync(
            invoke=self.serve_agent,
            issuer=self.issuer,
            iam=IamCaller(ACCESS_KEY, SECRET_KEY, REGION),
            clock=self.clock,
        )

    def channel(self, secret_key: str = SECRET_KEY) -> AppSyncChannel:
        return AppSyncChannel(self.url, region=REGION, credentials=any_credentials(secret_key))

    async def ask(self, token: str | None, query: str, **variables: Any) -> httpx.Response:
        headers = {"authorization": token} if token else {}
        async with http_client() as client:
            return await client.post(self.url, json={"query": query, "variables": variables}, headers=headers)

    def panel(self, token: str) -> Panel:
        return Panel(self, token)


AnyStack = TypeVar("AnyStack", bound=Stack)


def any_credentials(secret_key: str = SECRET_KEY) -> FixedCredentials:
    return FixedCredentials(Credentials(ACCESS_KEY, secret_key).get_frozen_credentials())


@dataclass(frozen=True)
class FixedCredentials:
    frozen: ReadOnlyCredentials

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return self.frozen


@asynccontextmanager
async def served(stack: AnyStack) -> AsyncIterator[AnyStack]:
    # The protocol is named because asyncio sets TCP_NODELAY only then; without it an answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    stack.port = listening.getsockname()[1]
    config = uvicorn.Config(stack.app(), log_level="error", lifespan="off", ws="websockets-sansio")
    config.ws_per_message_deflate = False
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as tasks:
        # Clients that come before the server is up wait in the listening socket.
        running = tasks.create_task(server.serve(sockets=[listening]))
        try:
            yield stack
        finally:
            server.should_exit = server.force_exit = True
            await running


class Panel:
    """A raw client of the real-time protocol. ``async with stack.panel(token) as panel``."""

    def __init__(self, stack: Stack, token: str) -> None:
        self._stack = stack
        self._token = token

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(
            f"ws://{self._stack.host}/graphql",
            subprotocols=[websockets.Subprotocol(name) for name in ("graphql-ws", header_protocol(self.headers()))],
        )
        await self.send({"type": "connection_init"})
        assert (await self.received())["type"] in ("ka", "connection_ack")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    def headers(self) -> dict[str, str]:
        return {"host": self._stack.host, "Authorization": self._token}

    async def send(self, message: dict[str, Any]) -> None:
        await self.send_raw(json.dumps(message))

    async def send_raw(self, frame: str | bytes) -> None:
        await self._socket.send(frame)

    async def received(self) -> Any:
        return json.loads(await asyncio.wait_for(self._socket.recv(), 30))

    async def next(self, *kinds: str) -> Any:
        """The next message of one of ``kinds``; others (keep-alives) are passed over."""
        while (message := await self.received())["type"] not in kinds:
            pass
        return message

    async def start(self, id_: str, query: str, **variables: Any) -> Any:
        """Ask for a subscription; its start_ack, or its error."""
        data = json.dumps({"query": query, "variables": variables})
        payload = {"data": data, "extensions": {"authorization": self.headers()}}
        await self.send({"id": id_, "type": "start", "payload": payload})
        return await self.next("start_ack", "error")


def header_protocol(headers: dict[str, str]) -> str:
    return "header-" + base64.urlsafe_b64encode(json.dumps(headers).encode()).decode().rstrip("=")


def http_client(**options: Any) -> httpx.AsyncClient:
    """Everything here is plain HTTP: reading the machine's certificates would take most of a test's time."""
    return httpx.AsyncClient(verify=False, **options)
