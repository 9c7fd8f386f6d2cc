"""One HTTP/2 request whose body and answer flow at the same time, on a connection of its own.

Amazon Transcribe allows one stream a connection. botocore and httpx send the whole body before they read.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError

OPEN_WITHIN_S = 3.0
SEND_WITHIN_S = 10.0
"""A peer that takes no more audio for this long is gone."""
READ_BYTES = 64 << 10
LOST = (OSError, ProtocolError, TimeoutError)


class ConnectionLost(Exception):
    """The peer cannot be reached, has gone away or breaks the protocol."""


@asynccontextmanager
async def exchange(
    host: str, port: int, tls: ssl.SSLContext, headers: Iterable[tuple[str, str]]
) -> AsyncIterator[Exchange]:
    """Send ``headers``; the rest is up to the caller. Raises ConnectionLost."""
    try:
        async with asyncio.timeout(OPEN_WITHIN_S):
            reader, writer = await asyncio.open_connection(host, port, ssl=tls, server_hostname=host)
    except LOST as error:
        raise ConnectionLost(f"no connection: {type(error).__name__}") from error
    opened = Exchange(reader, writer)
    receiving: asyncio.Task[None] | None = None
    try:
        opened.begin(headers)
        receiving = asyncio.create_task(opened.receive())
        yield opened
    finally:
        if receiving is not None:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)
        # No farewell: the end of the connection tells the other side.
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


class Exchange:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._h2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self._stream = 1
        self._changed = asyncio.Condition()
        self._response: dict[str, str] | None = None
        self._received: deque[tuple[bytes, int]] = deque()
        self._ended = False
        self._error: str | None = None

    def begin(self, headers: Iterable[tuple[str, str]]) -> None:
        tls = self._writer.get_extra_info("ssl_object")
        if tls is None or tls.selected_alpn_protocol() != "h2":
            raise ConnectionLost("the peer does not speak HTTP/2")
        self._h2.initiate_connection()
        self._h2.send_headers(self._stream, list(headers))
        self._flush()

    async def response(self) -> dict[str, str]:
        """The answer's headers, its ``:status`` among them."""
        try:
            async with asyncio.timeout(OPEN_WITHIN_S), self._changed:
                await self._changed.wait_for(lambda: self._response is not None or self._error)
        except TimeoutError as error:
            raise ConnectionLost("no answer in time") from error
        if self._response is None:
            raise ConnectionLost(str(self._error))
        return self._response

    async def send(self, data: bytes, *, end: bool = False) -> None:
        """Waits while the peer's window is full. After the answer has ended nothing is sent any more."""
        try:
            async with asyncio.timeout(SEND_WITHIN_S):
                while data and not self._ended:
                    data = await self._send_what_fits(data)
                if end and not self._ended:
                    self._h2.end_stream(self._stream)
                    self._flush()
        except LOST as error:
            raise ConnectionLost(f"sending failed: {type(error).__name__}") from error

    async def _send_what_fits(self, data: bytes) -> bytes:
        """Wait for room and use it; returns the rest."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._error or self._ended or self._room() > 0)
        if self._error:
            raise ConnectionLost(self._error)
        room = self._room()
        if not self._ended:
            self._h2.send_data(self._stream, data[:room])
            self._flush()
            await self._writer.drain()
        return data[room:]

    async def body(self) -> AsyncIterator[bytes]:
        """The answer's body as it comes; what is not taken yet closes the window. Raises ConnectionLost."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._received or self._ended or self._error)
            while self._received:
                data, flow_bytes = self._received.popleft()
                if not self._ended and not self._error:
                    self._h2.acknowledge_received_data(flow_bytes, self._stream)
                    self._flush()
                yield data
            if self._ended:
                return
            if self._error and not self._received:
                raise ConnectionLost(self._error)

    async def receive(self) -> None:
        """Take what the peer sends; runs until cancelled or the connection ends."""
        try:
            while data := await self._reader.read(READ_BYTES):
                events = self._h2.receive_data(data)
                async with self._changed:
                    for event in events:
                        self._take(event)
                    self._flush()
                    self._changed.notify_all()
            error = "the connection was closed"
        except LOST as lost:
            error = f"the connection failed: {type(lost).__name__}"
        async with self._changed:
            self._error = self._error or error
            self._changed.notify_all()

    def _take(self, event: Event) -> None:
        match event:
            case ResponseReceived():
                self._response = {str(name): str(value) for name, value in event.headers or ()}
            case DataReceived():
                self._received.append((bytes(event.data or b""), event.flow_controlled_length or 0))
            case StreamEnded():
                self._ended = True
            case StreamReset() if not self._ended:
                self._error = f"the peer reset the stream ({event.error_code})"
            case ConnectionTerminated() if not self._ended:
                self._error = f"the peer ended the connection ({event.error_code})"
            case WindowUpdated():
                pass  # whoever waits for room looks again

    def _room(self) -> int:
        return min(self._h2.local_flow_control_window(self._stream), self._h2.max_outbound_frame_size)

    def _flush(self) -> None:
        self._writer.write(self._h2.data_to_send())
