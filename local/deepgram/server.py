"""A WebSocket server that speaks Deepgram's streaming protocol, as far as its documentation says.

It checks the key and the parameters, sends interim and final results for each channel by the clock of the audio, and
closes with NET-0001 when it gets neither audio nor KeepAlive. What it recognises are the calls that it was given.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from local.aws.own_pages import objection
from local.deepgram.messages import metadata, results
from local.known_speech import KnownCall, KnownSpeech, KnownTurn
from sotto.core.clock import Clock, SystemClock

IDLE_MS = 10_000
LOOK_EVERY_MS = 500
INTERNAL_ERROR = 1011
NEEDED = {"encoding": "linear16", "sample_rate": "8000", "channels": "2", "multichannel": "true"}


@dataclass(slots=True)
class DeepgramSessionSeen:
    """What a client did in one session, for tests."""

    parameters: dict[str, str]
    controls: list[str] = field(default_factory=list)
    audio_bytes: int = 0


class LocalDeepgram:
    """``async with LocalDeepgram(calls, keys={"secret"}) as deepgram: ... deepgram.url``.

    ``drop_after``: break the n-th session after so many frames of audio; later sessions hold. ``keys`` may be changed
    while it runs. ``refusal``: an HTTP status and code to answer instead. ``mute``: never give the last results.
    """

    def __init__(
        self,
        calls: Sequence[KnownCall],
        *,
        keys: set[str],
        clock: Clock | None = None,
        drop_after: Sequence[int] = (),
    ) -> None:
        self.keys = keys
        self.sessions: list[DeepgramSessionSeen] = []
        self.refusal: tuple[int, str] | None = None
        self.mute = False
        self._calls = calls
        self._clock = clock or SystemClock()
        self._drops = list(drop_after)
        self._server: Server | None = None

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = next(iter(self._server.sockets)).getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/listen"

    async def __aenter__(self) -> Self:
        self._server = await serve(self._serve, "127.0.0.1", 0, process_request=self._admit, compression=None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        headers = {name.lower(): value for name, value in request.headers.raw_items()}
        if (refused := objection(headers, port=self.port)) is not None:
            return _refuse(connection, 403, refused)
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Token" or key not in self.keys:
            return _refuse(connection, 401, "INVALID_AUTH")
        if self.refusal is not None:
            return _refuse(connection, *self.refusal)
        given = _parameters(request)
        if urlsplit(request.path).path != "/v1/listen" or any(given.get(name) != NEEDED[name] for name in NEEDED):
            return _refuse(connection, 400, "Bad Request")
        return None

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        seen = DeepgramSessionSeen(_parameters(connection.request))
        self.sessions.append(seen)
        drop_after = self._drops.pop(0) if self._drops else None
        session = _Session(connection, KnownSpeech(self._calls), seen, self._clock, drop_after)
        session.mute = self.mute
        idle = asyncio.create_task(session.close_when_idle())
        try:
            with suppress(ConnectionClosed):
                await session.run()
        finally:
            idle.cancel()
            await asyncio.gather(idle, return_exceptions=True)


class _Session:
    def __init__(
        self,
        connection: ServerConnection,
        speech: KnownSpeech,
        seen: DeepgramSessionSeen,
        clock: Clock,
        drop_after: int | None,
    ) -> None:
        self._connection = connection
        self._speech = speech
        self._seen = seen
        self._clock = clock
        self._drop_after = drop_after
        self._id = str(uuid.uuid4())
        self._received_at_ms = clock.monotonic_ms()
        self.mute = False

    async def run(self) -> None:
        async for message in self._connection:
            self._received_at_ms = self._clock.monotonic_ms()
            if isinstance(message, bytes) and message:
                await self._audio(message)
            elif isinstance(message, bytes) or json.loads(message)["type"] == "CloseStream":
                self._seen.controls.append("CloseStream")
                return await self._end()
            else:
                await self._control(json.loads(message)["type"])

    async def close_when_idle(self) -> None:
        while self._clock.monotonic_ms() - self._received_at_ms < IDLE_MS:
            await self._clock.sleep_ms(LOOK_EVERY_MS)
        reason = "NET-0001: Deepgram did not receive audio data or a text message within the timeout window."
        await self._connection.close(INTERNAL_ERROR, reason)

    async def _audio(self, pcm: bytes) -> None:
        self._seen.audio_bytes += len(pcm)
        await self._send_results(self._speech.feed(pcm))
        if self._drop_after is not None:
            self._drop_after -= 1
            if self._drop_after <= 0:
                self._connection.transport.abort()

    async def _control(self, name: str) -> None:
        self._seen.controls.append(name)
        if name == "Finalize":
            await self._send_results(self._speech.finish(), from_finalize=True)

    async def _end(self) -> None:
        if self.mute:
            await self._connection.wait_closed()
            return
        await self._send_results(self._speech.finish())
        await self._send(metadata(self._id, self._speech.received_ms))
        await self._connection.close()

    async def _send_results(self, turns: Sequence[KnownTurn], *, from_finalize: bool = False) -> None:
        for turn in turns:
            for message in results(turn, self._id, from_finalize=from_finalize):
                await self._send(message)

    async def _send(self, message: dict[str, Any]) -> None:
        await self._connection.send(json.dumps(message))


def _parameters(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


def _refuse(connection: ServerConnection, status: int, code: str) -> Response:
    return connection.respond(HTTPStatus(status), json.dumps({"err_code": code, "err_msg": "refused"}))
