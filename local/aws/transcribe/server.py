"""A server that speaks Transcribe's streaming protocol: event streams over HTTP/2 over TLS.

It checks the signatures of the request and of every event, sends partial and final results by the clock of the audio,
and ends a session that brings no audio for 15 s. What it recognises are the calls that it was given.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.eventstream import EventStreamBuffer
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded

from local.aws.event_streams.server import EventStreamServer
from local.aws.event_streams.signatures import EventChain, Principal, SignatureRefused
from local.aws.own_pages import LOOPBACK, objection
from local.aws.transcribe.messages import exception, transcript_event
from local.known_speech import KnownCall, KnownSpeech
from sotto.core.clock import Clock, SystemClock

IDLE_MS = 15_000
LOOK_EVERY_MS = 500
LANGUAGES = (
    "en-US", "en-GB", "en-AU", "en-IE", "en-IN", "en-NZ", "en-ZA", "de-DE", "de-CH", "es-US", "es-ES", "fr-FR", "fr-CA",
    "it-IT", "nl-NL", "pt-BR", "pt-PT",
)  # fmt: skip
"""Codes alone: "de", "de-AT" and "es-MX" are refused, as Transcribe refuses them."""
NEEDED = {
    "media-encoding": "pcm",
    "sample-rate": "8000",
    "enable-channel-identification": "true",
    "number-of-channels": "2",
}


@dataclass(slots=True)
class TranscribeSessionSeen:
    """What a client did in one session, for tests. ``ended``: by the signed end frame."""

    headers: dict[str, str]
    audio_bytes: int = 0
    ended: bool = False


class LocalTranscribe(EventStreamServer):
    """``async with LocalTranscribe(calls, principal) as transcribe:``; give ``address`` and ``client_tls`` to clients.

    ``drop_after``: break the n-th session after so many events of audio; later sessions hold. ``refusal``: name and
    message of an exception to answer instead; ``mid_stream``: one to end a session with at its first audio.
    """

    def __init__(
        self,
        calls: Sequence[KnownCall],
        principal: Principal,
        *,
        clock: Clock | None = None,
        drop_after: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.sessions: list[TranscribeSessionSeen] = []
        self.refusal: tuple[str, str] | None = None
        self.mid_stream: tuple[str, str] | None = None
        self.vocabularies: set[str] = set()
        """Names of those that are ready."""
        self.calls = calls
        self.principal = principal
        self.clock = clock or SystemClock()
        self._drops = list(drop_after)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(self, writer, self._drops.pop(0) if self._drops else None)
        idle = asyncio.create_task(session.end_when_idle())
        try:
            await session.run(reader)
        finally:
            idle.cancel()
            await asyncio.gather(idle, return_exceptions=True)


class _Session:
    def __init__(self, server: LocalTranscribe, writer: asyncio.StreamWriter, drop_after: int | None) -> None:
        self._server = server
        self._writer = writer
        self._drop_after = drop_after
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._speech = KnownSpeech(server.calls)
        self._messages = EventStreamBuffer()
        self._chain: EventChain | None = None
        self._seen = TranscribeSessionSeen({})
        self._received_at_ms = server.clock.monotonic_ms()
        self._stream = 1
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
                        self._h2.acknowledge_received_data(event.flow_controlled_length or 0, self._stream)
                        self._take(bytes(event.data or b""))
                    case StreamEnded():
                        self._close()
            self._flush()
            await self._writer.drain()

    async def end_when_idle(self) -> None:
        while self._server.clock.monotonic_ms() - self._received_at_ms < IDLE_MS:
            await self._server.clock.sleep_ms(LOOK_EVERY_MS)
        if self._chain is not None and not self._over:
            message = "Your request timed out because no new audio was received for 15 seconds."
            self._fail("BadRequestException", message)
            self._flush()

    def _request(self, headers: dict[str, str]) -> None:
        self._seen.headers = headers
        self._server.sessions.append(self._seen)
        refusal = self._foreign(headers) or self._server.refusal or self._objection(headers)
        if refusal is None:
            try:
                self._chain = self._server.principal.events_after(headers)
            except SignatureRefused as error:
                refusal = (error.kind, "The request signature is not good.")
        if refusal is not None:
            return self._refuse(*refusal)
        answer = [(":status", "200"), ("content-type", "application/vnd.amazon.eventstream")]
        self._h2.send_headers(self._stream, answer)

    def _foreign(self, headers: dict[str, str]) -> tuple[str, str] | None:
        """HTTP/2 calls the host ``:authority``. AWS's own streaming SDK leaves out the port, as no browser does."""
        authority = headers.get(":authority", "")
        host = f"{authority}:{self._server.port}" if authority in LOOPBACK else authority
        refused = objection(headers | {"host": host}, port=self._server.port)
        return None if refused is None else ("AccessDeniedException", refused)

    def _objection(self, headers: dict[str, str]) -> tuple[str, str] | None:
        given = {name.removeprefix("x-amzn-transcribe-"): value for name, value in headers.items()}
        wrong = [name for name, needed in NEEDED.items() if given.get(name, "").lower() != needed]
        if headers.get(":path") != "/stream-transcription" or wrong:
            return "BadRequestException", "This server needs two channels of PCM at 8000 Hz."
        vocabulary = given.get("vocabulary-name")
        if vocabulary is not None and vocabulary not in self._server.vocabularies:
            return "BadRequestException", "The requested vocabulary couldn't be found. Check the vocabulary name."
        if given.get("language-code") not in LANGUAGES:
            return "BadRequestException", "1 validation error detected: languageCode"
        return None

    def _refuse(self, kind: str, message: str) -> None:
        status = {"BadRequestException": "400", "LimitExceededException": "429", "ServiceUnavailableException": "503"}
        headers = [(":status", status.get(kind, "403")), ("x-amzn-errortype", f"{kind}:http://internal.amazon.com/")]
        self._h2.send_headers(self._stream, headers)
        self._h2.send_data(self._stream, json.dumps({"Message": message}).encode(), end_stream=True)
        self._over = True

    def _take(self, data: bytes) -> None:
        self._messages.add_data(data)
        for signed in self._messages:
            if self._over or self._chain is None:
                return
            try:
                message = self._chain.opened(signed, datetime.fromtimestamp(self._server.clock.now_ms() / 1000, UTC))
            except SignatureRefused as error:
                return self._fail(error.kind, "The signature of an event is not good.")
            if not message:
                return self._end()
            inner = EventStreamBuffer()
            inner.add_data(message)
            self._audio(next(inner).payload)

    def _audio(self, pcm: bytes) -> None:
        self._received_at_ms = self._server.clock.monotonic_ms()
        self._seen.audio_bytes += len(pcm)
        if self._server.mid_stream is not None:
            return self._fail(*self._server.mid_stream)
        for turn in self._speech.feed(pcm):
            self._send(transcript_event(turn))
        if self._drop_after is not None:
            self._drop_after -= 1
            if self._drop_after <= 0:
                self._over = True
                self._writer.transport.abort()

    def _end(self) -> None:
        self._seen.ended = True
        for turn in self._speech.finish():
            self._send(transcript_event(turn))
        self._close()

    def _fail(self, kind: str, message: str) -> None:
        self._send(exception(kind, message))
        self._close()

    def _close(self) -> None:
        if not self._over:
            self._over = True
            self._h2.end_stream(self._stream)

    def _send(self, message: bytes) -> None:
        # Results are small: the client's window of 64 KiB is given back as it reads.
        self._h2.send_data(self._stream, message)

    def _flush(self) -> None:
        self._writer.write(self._h2.data_to_send())
