"""The gateway's face: GET /ping, and a WebSocket for each gateway of the deployment at /<provider>/<id>.

Who is not authenticated is refused in the handshake: then there is no WebSocket, no stream and no contact.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from weakref import WeakKeyDictionary

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK
from websockets.http11 import Request, Response

from media_gateway.protocols.protocol import GatewayEntry, Handshake, NotAuthenticated, Provider
from media_gateway.protocols.providers import PROVIDERS
from media_gateway.session import Sessions
from sotto.core.api_keys import ApiKey, KeyMissing, KeyUnavailable
from sotto.core.clock import Clock
from sotto.core.metrics.measure import GATEWAY_REFUSED, GATEWAY_SESSIONS, GATEWAY_SESSIONS_ENDED
from sotto.core.metrics.recorder import Metrics

log = logging.getLogger(__name__)

LONGEST_MESSAGE_BYTES = 64 << 10
MESSAGES_WAITING = 64
PING_EVERY_S, PONG_WITHIN_S = 20.0, 20.0
OPEN_WITHIN_S, CLOSE_WITHIN_S = 10.0, 2.0
LOOK_EVERY_MS = 10_000


class Gateway:
    """``secrets``: by the ARN that an entry names. ``host``: the public one."""

    def __init__(
        self,
        sessions: Sessions,
        entries: Mapping[str, GatewayEntry],
        secrets: Mapping[str, ApiKey],
        *,
        host: str,
        most: int,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._sessions, self._entries, self._secrets = sessions, entries, secrets
        self._host, self._most, self._clock, self._metrics = host, most, clock, metrics
        # Weak: who leaves in the middle of the handshake is never connected.
        self._admitted: WeakKeyDictionary[ServerConnection, tuple[GatewayEntry, Handshake]] = WeakKeyDictionary()
        self.is_leaving = False
        self._none_left = asyncio.Event()

    @asynccontextmanager
    async def serving(self, address: str, port: int) -> AsyncIterator[Server]:
        server = await serve(
            self._connected,
            address,
            port,
            process_request=self._admit,
            compression=None,
            max_size=LONGEST_MESSAGE_BYTES,
            max_queue=MESSAGES_WAITING,
            ping_interval=PING_EVERY_S,
            ping_timeout=PONG_WITHIN_S,
            open_timeout=OPEN_WITHIN_S,
            close_timeout=CLOSE_WITHIN_S,
            server_header=None,
        )
        looking = asyncio.create_task(self._look())
        try:
            yield server
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            server.close()
            await server.wait_closed()

    async def leave(self) -> None:
        """No new calls; returns when the last one is over."""
        self.is_leaving = True
        while self._sessions.open:
            self._none_left.clear()
            await self._none_left.wait()

    async def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if path == "/ping":
            status = HTTPStatus.SERVICE_UNAVAILABLE if self.is_leaving else HTTPStatus.OK
            return connection.respond(status, json.dumps({"sessions": self._sessions.open, "most": self._most}) + "\n")
        entry = self._entries.get(path)
        if entry is None:
            return self._refused(connection, HTTPStatus.NOT_FOUND, "no-such-gateway")
        if self.is_leaving or self._sessions.open >= self._most:
            return self._refused(connection, HTTPStatus.SERVICE_UNAVAILABLE, "leaving" if self.is_leaving else "full")
        headers = {name.lower(): value for name, value in request.headers.raw_items()}
        handshake = Handshake(self._host, request.path, headers)
        provider = PROVIDERS[entry.provider]
        try:
            await self._authenticate(provider, handshake, entry)
        except NotAuthenticated as error:
            log.warning("handshake refused", extra={"gateway": entry.id, "why": str(error)})
            await self._clock.sleep_ms(provider.wait_ms)
            return self._refused(connection, provider.status, "not-authenticated")
        except (KeyMissing, KeyUnavailable) as error:
            log.error("secret not read", extra={"gateway": entry.id, "why": type(error).__name__})
            return self._refused(connection, HTTPStatus.SERVICE_UNAVAILABLE, "secret")
        self._admitted[connection] = (entry, handshake)
        return None

    async def _authenticate(self, provider: Provider, handshake: Handshake, entry: GatewayEntry) -> None:
        """A secret that was replaced is read again."""
        key = self._secrets[entry.secret]
        secret = await asyncio.to_thread(key.current)
        try:
            provider.authenticate(handshake, secret, entry, self._clock.now_ms() / 1000)
        except NotAuthenticated:
            key.refused(secret)
            newer = await asyncio.to_thread(key.current)
            if newer == secret:
                raise
            provider.authenticate(handshake, newer, entry, self._clock.now_ms() / 1000)

    def _refused(self, connection: ServerConnection, status: HTTPStatus, reason: str) -> Response:
        self._metrics.add(GATEWAY_REFUSED, reason=reason)
        return connection.respond(status, f"{status.phrase}\n")

    async def _connected(self, connection: ServerConnection) -> None:
        entry, handshake = self._admitted.pop(connection)
        protocol = PROVIDERS[entry.provider].protocol(handshake, entry)
        try:
            outcome = await self._sessions.serve(_Peer(connection), entry, protocol)
            self._metrics.add(GATEWAY_SESSIONS_ENDED, tenant=entry.tenant, outcome=outcome.how)
        finally:
            if not self._sessions.open:
                self._none_left.set()

    async def _look(self) -> None:
        while True:
            self._metrics.add(GATEWAY_SESSIONS, self._sessions.open)
            await self._clock.sleep_ms(LOOK_EVERY_MS)


class _Peer:
    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    async def messages(self) -> AsyncGenerator[str | bytes, None]:
        try:
            while True:
                yield await self._connection.recv()
        except ConnectionClosedOK:
            return
        except ConnectionClosed as error:
            raise ConnectionError("the telephone system has gone") from error

    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise ConnectionError("the telephone system has gone") from error

    async def close(self, code: int, reason: str) -> None:
        await self._connection.close(code, reason)
