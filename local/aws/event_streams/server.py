"""A server on this machine for AWS's event streams: HTTP/2 over TLS, a task for each connection."""

from __future__ import annotations

import asyncio
import ssl
from abc import ABC, abstractmethod
from contextlib import suppress
from types import TracebackType
from typing import Self

from h2.exceptions import ProtocolError

from local.aws.event_streams.authority import ServerCertificate


class EventStreamServer(ABC):
    """``async with`` it; then give ``address`` and ``client_tls`` to clients."""

    def __init__(self) -> None:
        self._identity = ServerCertificate.made()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    @abstractmethod
    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until it ends."""

    @property
    def client_tls(self) -> ssl.SSLContext:
        return self._identity.client_tls()

    @property
    def certificate(self) -> bytes:
        """PEM, for clients that want to trust this server."""
        return self._identity.certificate

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._identity.server_tls())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            # A client that leaves, or breaks the protocol, is no fault of the server.
            with suppress(OSError, ProtocolError, asyncio.CancelledError):
                await self.serve(reader, writer)
        finally:
            writer.transport.abort()
            self._open.discard(task)
