"""The real media gateway in a thread of its own, over the embedded AWS: its WebSockets, its PutMedia, its orders."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import threading
import uuid
from collections.abc import Sequence
from typing import Any, Protocol

import boto3

from media_gateway.parts import GatewayParts
from media_gateway.server import Gateway
from sotto.core.clock import Clock
from sotto.core.metrics.recorder import Metrics, NoMetrics
from sotto.core.settings import Settings

HOST = "media.example.com"
START_WITHIN_S = 10.0


def gateway_id(provider: str, tenant: str) -> str:
    """Of the tenant's gateway in the embedded stack."""
    return f"{provider}-{tenant}".replace("_", "-")[:32]


def account_of(provider: str, tenant: str) -> str:
    """What the telephone system calls the tenant's account."""
    if provider == "twilio":
        return "AC" + tenant.encode().hex().ljust(32, "0")[:32]
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, tenant))


class SenderOf(Protocol):
    """A telephone system with a call to send."""

    @property
    def call_id(self) -> str: ...

    async def send(self, clock: Clock, speed: float) -> None:
        """From its first message to its last."""
        ...


class EmbeddedGateway:
    """``with`` it. ``secret_of``: stores a secret and gives its ARN."""

    def __init__(
        self,
        session: boto3.Session,
        secretsmanager: Any,
        clock: Clock,
        tenants: Sequence[str],
        providers: Sequence[str],
        *,
        fragments_a_second: float = 5.0,
        metrics: Metrics | None = None,
    ) -> None:
        self._tokens = {(provider, tenant): _secret(provider) for provider in providers for tenant in tenants}
        entries = [
            {
                "id": gateway_id(provider, tenant),
                "provider": provider,
                "tenant": tenant,
                "account": account_of(provider, tenant),
                "secret": _stored(secretsmanager, f"gateway-{provider}-{tenant}", token),
            }
            for (provider, tenant), token in self._tokens.items()
        ]
        settings = Settings(
            {
                "SOTTO_GATEWAY_ENTRIES": json.dumps(entries),
                "SOTTO_GATEWAY_HOST": HOST,
                "SOTTO_GATEWAY_FRAGMENTS_A_SECOND": str(fragments_a_second),
            }
        )
        self._parts = GatewayParts(settings, session, clock, metrics or NoMetrics())
        self.gateway: Gateway = self._parts.gateway()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), name="gateway")
        self.port = 0

    def __enter__(self) -> EmbeddedGateway:
        self._thread.start()
        if not self._ready.wait(START_WITHIN_S):
            raise RuntimeError("the media gateway does not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)
        self._loop.close()

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def id_of(self, provider: str, tenant: str) -> str:
        return gateway_id(provider, tenant)

    def path(self, provider: str, tenant: str) -> str:
        return f"/{provider}/{gateway_id(provider, tenant)}"

    def secret(self, provider: str, tenant: str) -> str:
        return self._tokens[provider, tenant]

    async def _serve(self) -> None:
        async with self.gateway.serving("127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()


def _secret(provider: str) -> str:
    if provider == "twilio":
        return secrets.token_hex(16)
    keys = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in ("api_key", "client_secret")}
    return json.dumps(keys)


def _stored(secretsmanager: Any, name: str, secret: str) -> str:
    return str(secretsmanager.create_secret(Name=name, SecretString=secret)["ARN"])
