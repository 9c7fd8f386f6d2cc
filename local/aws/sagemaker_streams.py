"""An emulation of SageMaker's bidirectional streams: an HTTP/2 server over TLS before a container's WebSocket.

It checks the signatures of the request and of every event; opens the container's WebSocket, which has to answer within
250 ms; makes a frame of each PayloadPart, text where its DataType is UTF8, and an event of each frame; does not put
parts together; pings the container. What the documents leave open it does the strict way: a container that breaks off
makes a ModelStreamError, one that cannot be reached a ModelError, and an ended request ends the WebSocket. It shows
neither SageMaker's routing among instances nor how long a stream may last.
https://aws.amazon.com/blogs/machine-learning/introducing-bidirectional-streaming-for-real-time-inference-on-amazon-sagemaker-ai/
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from botocore.eventstream import EventStreamBuffer
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, WebSocketException

from local.aws.event_streams.server import EventStreamServer
from local.aws.event_streams.signatures import EventChain, Principal, SignatureRefused
from local.aws.own_pages import LOOPBACK, objection
from sotto.aws.event_stream import encoded

CONTAINER_PATH = "/invocations-bidirectional-stream"
CONNECT_WITHIN_S = 0.25
PING_EVERY_S = 60.0
FIVE_PINGS_S = 300.0
EVENTS_WAITING = 32
"""Between the client and the container; what is beyond waits in the client's window."""
_STATUSES = {"InputValidationError": "400", "ModelError": "424", "ServiceUnavailable": "503"}


@dataclass(slots=True)
class StreamSeen:
    """What a client did in one stream, for tests. ``ended``: by the signed end frame."""

    endpoint: str
    events: int = 0
    ended: bool = False


class LocalSageMakerStreams(EventStreamServer):
    """``async with LocalSageMakerStreams({"endpoint": "127.0.0.1:8080"}, principal) as sagemaker:``; give ``address``
    and ``client_tls`` to clients. ``drop_after``: break the n-th stream after so many events; later ones hold."""

    def __init__(
        self, containers: Mapping[str, str], principal: Principal, *, drop_after: tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        self.streams: list[StreamSeen] = []
        self.containers = dict(containers)
        self.principal = principal
        self._drops = list(drop_after)

    def next_drop(self) -> int | None:
        return self._drops.pop(0) if self._drops else None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = _Stream(self, writer)
        try:
            await stream.run(reader)
        finally:
            await stream.close()


class _Stream:
    def __init__(self, server: LocalSageMakerStreams, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._writer = writer
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._messages = EventStreamBuffer()
        self._chain: EventChain | None = None
        self._seen = StreamSeen("")
        self._drop_after: int | None = None
        self._to_container: asyncio.Queue[tuple[str | bytes, int] | None] = asyncio.Queue(EVENTS_WAITING)
        self._unsent = bytearray()
        self._bridge: asyncio.Task[None] | None = None
        self._ends = False
        self._over = False

    async def run(self, reader: asyncio.StreamReader) -> None:
        self._h2.initiate_connection()
        self._flush()
        while data := await reader.read(64 << 10):
            for event in self._h2.receive_data(data):
                match event:
                    case RequestReceived():
                        self._request({str(name): str(value) for name, value in event.headers or ()})
                    case DataReceived():
                        await self._take(bytes(event.data or b""), event.flow_controlled_length or 0)
                    case StreamEnded():
                        await self._to_container.put(None)
            self._flush()
            await self._writer.drain()

    async def close(self) -> None:
        if self._bridge is not None:
            self._bridge.cancel()
            await asyncio.gather(self._bridge, return_exceptions=True)

    def _request(self, headers: dict[str, str]) -> None:
        endpoint = headers[":path"].removeprefix("/endpoints/").partition("/")[0]
        self._seen.endpoint = endpoint
        self._server.streams.append(self._seen)
        self._drop_after = self._server.next_drop()
        authority = headers.get(":authority", "")
        host = f"{authority}:{self._server.port}" if authority in LOOPBACK else authority
        if (foreign := objection(headers | {"host": host}, port=self._server.port)) is not None:
            return self._refuse("AccessDeniedException", foreign)
        if headers[":path"] != f"/endpoints/{endpoint}{CONTAINER_PATH}" or endpoint not in self._server.containers:
            return self._refuse("InputValidationError", f"Endpoint {endpoint} of account 123456789012 not found.")
        try:
            self._chain = self._server.principal.events_after(headers)
        except SignatureRefused as error:
            return self._refuse(error.kind, "The request signature is not good.")
        self._bridge = asyncio.create_task(self._bridged(self._server.containers[endpoint]))

    async def _bridged(self, container: str) -> None:
        try:
            socket = await connect(
                f"ws://{container}{CONTAINER_PATH}",
                open_timeout=CONNECT_WITHIN_S,
                ping_interval=PING_EVERY_S,
                ping_timeout=FIVE_PINGS_S,
                compression=None,
                proxy=None,
                close_timeout=0.2,
            )
        except (OSError, TimeoutError, WebSocketException):
            self._refuse("ModelError", "The container did not accept the connection.")
            return self._flush()
        answer = [(":status", "200"), ("content-type", "application/vnd.amazon.eventstream")]
        self._h2.send_headers(1, [*answer, ("x-amzn-invoked-production-variant", "live")])
        self._flush()
        try:
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._forward(socket))
                await self._back(socket)
                sending.cancel()
        finally:
            await socket.close()

    async def _forward(self, socket: ClientConnection) -> None:
        while (part := await self._to_container.get()) is not None:
            frame, flow_bytes = part
            with suppress(WebSocketException):  # found by whoever reads
                await socket.send(frame)
            self._h2.acknowledge_received_data(flow_bytes, 1)
            self._flush()
        await socket.close()

    async def _back(self, socket: ClientConnection) -> None:
        try:
            async for frame in socket:
                kind = "UTF8" if isinstance(frame, str) else "BINARY"
                self._event({":message-type": "event", ":event-type": "PayloadPart", "DataType": kind}, frame)
            self._ends = True
        except ConnectionClosedError:
            self._fail("ModelStreamError", "The connection between the client and the model was reset or closed.")
        self._flush()

    async def _take(self, data: bytes, flow_bytes: int) -> None:
        self._messages.add_data(data)
        whole = list(self._messages)
        if not whole:
            self._h2.acknowledge_received_data(flow_bytes, 1)
        for at, signed in enumerate(whole):
            if self._over or self._chain is None:
                return
            try:
                message = self._chain.opened(signed, datetime.now(UTC))
            except SignatureRefused as error:
                return self._fail(error.kind, "The signature of an event is not good.")
            if not message:
                self._seen.ended = True
                await self._to_container.put(None)
                return
            await self._part(message, flow_bytes if at == len(whole) - 1 else 0)

    async def _part(self, message: bytes, flow_bytes: int) -> None:
        inner = EventStreamBuffer()
        inner.add_data(message)
        event = next(inner)
        headers = cast("dict[str, Any]", event.headers)
        if headers.get(":event-type") != "PayloadPart":
            return self._fail("InputValidationError", "Only PayloadPart is taken.")
        self._seen.events += 1
        if self._drop_after is not None and self._seen.events >= self._drop_after:
            self._over = True
            return self._writer.transport.abort()
        payload = bytes(event.payload)
        frame = payload.decode() if headers.get("DataType") == "UTF8" else payload
        await self._to_container.put((frame, flow_bytes))

    def _event(self, headers: Mapping[str, str], payload: str | bytes) -> None:
        self._unsent += encoded(dict(headers), payload.encode() if isinstance(payload, str) else payload)
        self._flush()

    def _fail(self, kind: str, message: str) -> None:
        headers = {":message-type": "exception", ":exception-type": kind, ":content-type": "application/json"}
        self._unsent += encoded(dict(headers), json.dumps({"Message": message}).encode())
        self._ends = True

    def _refuse(self, kind: str, message: str) -> None:
        headers = [(":status", _STATUSES.get(kind, "403")), ("x-amzn-errortype", kind)]
        self._h2.send_headers(1, headers)
        self._h2.send_data(1, json.dumps({"Message": message}).encode(), end_stream=True)
        self._over = True

    def _flush(self) -> None:
        """As much as the client's window takes; the rest goes when it says that it has read."""
        while self._unsent and not self._over and (room := self._room()) > 0:
            self._h2.send_data(1, bytes(self._unsent[:room]))
            del self._unsent[:room]
        if self._ends and not self._unsent and not self._over:
            self._over = True
            self._h2.end_stream(1)
        self._writer.write(self._h2.data_to_send())

    def _room(self) -> int:
        return min(self._h2.local_flow_control_window(1), self._h2.max_outbound_frame_size)
