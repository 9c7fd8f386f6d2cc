"""The container's face: GET /ping, and a WebSocket at /invocations-bidirectional-stream.

SageMaker wants a handshake answered within 250 ms, pings answered with pongs (the library does) and port 8080
(https://aws.amazon.com/blogs/machine-learning/introducing-bidirectional-streaming-for-real-time-inference-on-amazon-sagemaker-ai/).
A refusal comes as a message after the handshake, not as a status of it: what SageMaker makes of one is not documented.
Elsewhere a token may be asked for.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from model_containers.recogniser.session import Send
from model_containers.recogniser.sessions import Sessions
from sotto.core.clock import Clock
from sotto.recognition.self_hosted import LONGEST_MESSAGE_BYTES, PATH

LOOK_EVERY_MS = 10_000
MESSAGES_WAITING = 16
"""Of a connection, beside the queues of its channels: what is beyond waits in its socket."""
CLOSE_WITHIN_S = 2.0


@asynccontextmanager
async def serving(sessions: Sessions, *, host: str, port: int, token: str, clock: Clock) -> AsyncIterator[Server]:
    """``token``: the bearer token that a WebSocket has to bring; "" for none, as behind SageMaker, which signs."""

    def answer(connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if path == "/ping":
            status = HTTPStatus.OK if sessions.is_well else HTTPStatus.SERVICE_UNAVAILABLE
            return connection.respond(status, json.dumps(sessions.figures()) + "\n")
        if path != PATH:
            return connection.respond(HTTPStatus.NOT_FOUND, "there are /ping and " + PATH + "\n")
        if request.headers.get("Origin") is not None:
            return connection.respond(HTTPStatus.FORBIDDEN, "not for browsers\n")
        brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token and not hmac.compare_digest(brought.encode(), token.encode()):
            return connection.respond(HTTPStatus.UNAUTHORIZED, "bring the token as Authorization: Bearer\n")
        return None

    async def connected(connection: ServerConnection) -> None:
        with suppress(ConnectionError):
            await sessions.serve(_binary(connection), _sender(connection))

    server = await serve(
        connected,
        host,
        port,
        process_request=answer,
        compression=None,
        max_size=LONGEST_MESSAGE_BYTES,
        max_queue=MESSAGES_WAITING,
        close_timeout=CLOSE_WITHIN_S,
    )
    looking = asyncio.create_task(_look(sessions, clock))
    try:
        yield server
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        server.close()
        await server.wait_closed()


async def _look(sessions: Sessions, clock: Clock) -> None:
    while True:
        await clock.sleep_ms(LOOK_EVERY_MS)
        sessions.look()


async def _binary(connection: ServerConnection) -> AsyncIterator[bytes]:
    """Whether a proxy called a frame text or binary says nothing about it."""
    try:
        async for each in connection:
            yield each.encode() if isinstance(each, str) else each
    except ConnectionClosed:
        return


def _sender(connection: ServerConnection) -> Send:
    async def send(data: bytes) -> None:
        try:
            await connection.send(data)
        except ConnectionClosed as error:
            raise ConnectionError("the client has gone") from error

    return send
