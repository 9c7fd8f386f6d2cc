"""Deepgram's streaming API over a WebSocket.

https://developers.deepgram.com/reference/speech-to-text/listen-streaming: audio goes as binary frames, control messages
and results as JSON text. Times in results count from the first sample of the session; here they become call time.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Literal
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidHandshake, InvalidStatus

from sotto.call.transcript_result import TranscriptResult
from sotto.core.api_keys import ApiKey
from sotto.core.clock import Clock
from sotto.core.settings import DEEPGRAM_URL
from sotto.media.stereo import SAMPLE_RATE_HZ, StereoChunk
from sotto.recognition.adapters.deepgram_languages import LANGUAGES
from sotto.recognition.adapters.deepgram_results import DeepgramResults
from sotto.recognition.adapters.provider_key import current_key
from sotto.recognition.recogniser import RecogniserRefused, RecogniserStream, RecogniserUnavailable, Session

KEEP_ALIVE_MS = 4_000
"""Deepgram closes a socket after 10 s without audio or KeepAlive, and asks for one every 3 to 5 s."""
LAST_RESULTS_MS = 10_000
"""How long the last finals may take after the audio has ended."""
OPEN_WITHIN_S = 3.0
CLOSE_WITHIN_S = 0.2
"""A session that is left in the middle waits no longer for the farewell: unread results may stand before it."""
MOST_MESSAGE_BYTES = 1 << 20
MOST_KEYTERMS, MOST_KEYTERM_TOKENS = 100, 400
"""Deepgram takes 100 keyterms of 500 tokens together; its tokens are not ours to count, so a fifth is left."""
CHARACTERS_A_TOKEN = 3
KEY_REFUSED = (401, 403)
OPTIONS: Mapping[str, str] = {
    "model": "nova-3",
    "interim_results": "true",
    "endpointing": "300",
    "utterance_end_ms": "1000",
    # smart_format would hold finals back while a number may still go on; numbers are read by redaction.
    "punctuate": "true",
    # Nothing of a call may be kept to train models.
    "mip_opt_out": "true",
}
_REASON = re.compile(r"(?:NET|DATA)-\d{4}")


class DeepgramRecogniser:
    """``options`` are Deepgram's query parameters and go over the defaults. ``tls``: for another trust store.
    ``proxy``: an address, None for none; True: what the environment says when a session opens."""

    name = "deepgram"
    languages = LANGUAGES

    def __init__(
        self,
        key: ApiKey,
        *,
        clock: Clock,
        url: str = DEEPGRAM_URL,
        options: Mapping[str, str] = OPTIONS,
        tls: ssl.SSLContext | None = None,
        proxy: str | Literal[True] | None = True,
    ) -> None:
        self._key = key
        self._clock = clock
        self._url = url
        self._options = dict(OPTIONS) | dict(options)
        self._tls = tls
        self._proxy = proxy

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        socket = await self._connected(session)
        stream = _DeepgramStream(socket, session, self._clock)
        alive = asyncio.create_task(stream.keep_alive())
        try:
            yield stream
        finally:
            alive.cancel()
            await asyncio.gather(alive, return_exceptions=True)
            await socket.close()
            # The socket's own tasks end in the turn of the loop after it has closed.
            await socket.wait_closed()

    async def _connected(self, session: Session) -> ClientConnection:
        """A key that was replaced is fetched once more before the provider counts as unavailable."""
        key = await current_key(self._key)
        try:
            return await self._dial(session, key)
        except _KeyRefused:
            await asyncio.to_thread(self._key.refused, key)
        fresh = await current_key(self._key)
        try:
            return await self._dial(session, fresh)
        except _KeyRefused as error:
            raise RecogniserUnavailable("Deepgram refused the API key: renew it in the provider's secret") from error

    async def _dial(self, session: Session, key: str) -> ClientConnection:
        try:
            return await connect(
                f"{self._url}?{urlencode([*self._parameters(session).items(), *keyterms(session)])}",
                additional_headers={"Authorization": f"Token {key}"},
                ssl=self._tls,
                proxy=self._proxy,
                open_timeout=OPEN_WITHIN_S,
                close_timeout=CLOSE_WITHIN_S,
                compression=None,
                max_size=MOST_MESSAGE_BYTES,
            )
        except InvalidStatus as error:
            status = error.response.status_code
            if status in KEY_REFUSED:
                raise _KeyRefused from error
            if status == 400:
                raise RecogniserRefused(
                    "Deepgram does not take these parameters: check the tenant's language and the model"
                ) from error
            raise RecogniserUnavailable(f"Deepgram answered {status}") from error
        except (OSError, TimeoutError, InvalidHandshake) as error:
            raise RecogniserUnavailable(f"Deepgram cannot be reached: {type(error).__name__}") from error

    def _parameters(self, session: Session) -> dict[str, str]:
        return self._options | {
            "language": LANGUAGES.closest(session.language) or session.language,
            "encoding": "linear16",
            "sample_rate": str(SAMPLE_RATE_HZ),
            "channels": "2",
            "multichannel": "true",
        }


def keyterms(session: Session) -> Iterator[tuple[str, str]]:
    """As many of the tenant's words as Deepgram takes: too many make it stop transcribing without an error.
    https://developers.deepgram.com/docs/keyterm"""
    tokens = 0
    for word in (*session.names, *session.words)[:MOST_KEYTERMS]:
        tokens += math.ceil(len(word) / CHARACTERS_A_TOKEN)
        if tokens > MOST_KEYTERM_TOKENS:
            return
        yield "keyterm", word


class _KeyRefused(Exception):
    """401 or 403: says nothing about Deepgram's health."""


class _DeepgramStream:
    def __init__(self, socket: ClientConnection, session: Session, clock: Clock) -> None:
        self._socket = socket
        self._clock = clock
        self._results = DeepgramResults(session.offset_ms)
        self._sent_at_ms = clock.monotonic_ms()
        self._finished = asyncio.Event()
        self._late = False

    async def send(self, chunk: StereoChunk) -> None:
        if chunk.pcm:  # an empty frame would close the stream
            await self._send(chunk.pcm)

    async def finish(self) -> None:
        self._finished.set()
        await self._send('{"type": "Finalize"}')
        await self._send('{"type": "CloseStream"}')

    async def keep_alive(self) -> None:
        """While no audio comes. After the end of the audio: give the provider so long, and no longer."""
        while not self._finished.is_set():
            quiet_ms = self._clock.monotonic_ms() - self._sent_at_ms
            if quiet_ms >= KEEP_ALIVE_MS:
                # A socket that is lost is found by whoever sends or reads.
                with suppress(RecogniserUnavailable):
                    await self._send('{"type": "KeepAlive"}')
                quiet_ms = 0
            await self._clock.sleep_ms(KEEP_ALIVE_MS - quiet_ms)
        await self._clock.sleep_ms(LAST_RESULTS_MS)
        self._late = True
        await self._socket.close()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        try:
            async for message in self._socket:
                for event in self._read(message):
                    yield event
        except ConnectionClosed as error:
            raise _lost(error) from error
        if self._late:
            raise RecogniserUnavailable("Deepgram did not give its last results in time")
        if not self._finished.is_set():
            raise RecogniserUnavailable("Deepgram ended the session before the audio ended")

    def _read(self, message: str | bytes) -> list[TranscriptResult]:
        try:
            received: dict[str, Any] = json.loads(message)
            if received.get("type") == "Error":
                raise RecogniserUnavailable(f"Deepgram reports an error{_code(str(received))}")
            return self._results.read(received)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise RecogniserUnavailable(f"Deepgram sent a message of another shape: {type(error).__name__}") from error

    async def _send(self, message: str | bytes) -> None:
        self._sent_at_ms = self._clock.monotonic_ms()
        try:
            await self._socket.send(message)
        except ConnectionClosedOK:
            if not self._finished.is_set():
                raise RecogniserUnavailable("Deepgram ended the session before the audio ended") from None
        except ConnectionClosed as error:
            raise _lost(error) from error


def _lost(error: ConnectionClosed) -> RecogniserUnavailable:
    if error.rcvd is None:
        return RecogniserUnavailable("Deepgram's socket was lost")
    return RecogniserUnavailable(f"Deepgram closed the socket with {error.rcvd.code}{_code(error.rcvd.reason)}")


def _code(reason: str) -> str:
    """The documented code in a reason; the rest of it is not ours to log."""
    found = _REASON.search(reason)
    return f" ({found.group()})" if found else ""
