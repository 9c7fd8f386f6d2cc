"""Amazon Transcribe's streaming API: an event stream over HTTP/2.

https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html. Two channels in one session, partial results
stabilised. Times in results count from the first sample of the session; here they become call time.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from typing import Any, cast

from botocore.eventstream import EventStreamBuffer, ParserError
from botocore.exceptions import BotoCoreError

from sotto.aws.event_stream import EventSigner, encoded
from sotto.aws.event_stream_request import Credentials, EventStreams, domain_of
from sotto.aws.http2 import ConnectionLost, Exchange
from sotto.call.transcript_result import TranscriptResult
from sotto.core.clock import Clock
from sotto.media.stereo import CHUNK_MS, CHUNK_SAMPLES, SAMPLE_RATE_HZ, StereoChunk
from sotto.recognition.adapters.transcribe_languages import LANGUAGES
from sotto.recognition.adapters.transcribe_results import SentAudio, recognised
from sotto.recognition.adapters.transcribe_vocabulary import vocabulary_name
from sotto.recognition.recogniser import (
    RecogniserRefused,
    RecogniserStream,
    RecogniserUnavailable,
    Session,
    SessionOver,
)

SERVICE = "transcribe"
LONGEST_SESSION_MS = 4 * 3_600_000 - 300_000
"""Transcribe ends a stream after 4 hours; five minutes before, another one is opened."""
SILENCE_AFTER_MS = 5_000
"""Transcribe ends a stream after 15 s without audio: when none comes, a little silence goes instead."""
MISSING_FOR_MS = 600_000
"""A vocabulary that Transcribe does not know is not asked for again so long: it is ready minutes after it was made."""
AUDIO_EVENT = {":message-type": "event", ":event-type": "AudioEvent", ":content-type": "application/octet-stream"}
_PASSING = ("timed out", "signature", "expired")
"""In a BadRequestException: an idle stream, or a clock or credentials that another session sets right."""


class TranscribeRecogniser:
    """``endpoint``: https://host:port, for a VPC endpoint; ``tls``: for another trust store. ``stability``: high,
    medium or low. ``vocabularies``: tenants have theirs (transcribe_vocabulary)."""

    name = "transcribe"
    languages = LANGUAGES

    def __init__(
        self,
        credentials: Credentials,
        *,
        region: str,
        clock: Clock,
        endpoint: str | None = None,
        tls: ssl.SSLContext | None = None,
        stability: str = "high",
        longest_session_ms: float = LONGEST_SESSION_MS,
        vocabularies: bool = False,
    ) -> None:
        self._clock = clock
        address = endpoint or f"https://transcribestreaming.{region}.{domain_of(region)}"
        self._streams = EventStreams(SERVICE, credentials, address=address, region=region, clock=clock, tls=tls)
        self._stability = stability
        self._longest_session_ms = longest_session_ms
        self._vocabularies = vocabularies
        self._missing: dict[str, float] = {}

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        async with AsyncExitStack() as opened:
            opened.enter_context(_unavailable())
            line, signer = await self._accepted(session, opened)
            stream = _TranscribeStream(line, signer, session, self._clock, self._longest_session_ms)
            alive = asyncio.create_task(stream.keep_alive())
            try:
                yield stream
            finally:
                alive.cancel()
                await asyncio.gather(alive, return_exceptions=True)

    async def _accepted(self, session: Session, opened: AsyncExitStack) -> tuple[Exchange, EventSigner]:
        """With the tenant's vocabulary, or without where Transcribe does not know it yet: words are worth less than
        the session."""
        vocabulary = vocabulary_name(session.tenant, session.language, session.words) if self._vocabularies else None
        if vocabulary is not None and self._missing.get(vocabulary, 0.0) <= self._clock.monotonic_ms():
            attempt = AsyncExitStack()
            try:
                found = await self._exchange(session, vocabulary, attempt)
            except RecogniserRefused:
                await attempt.aclose()
                self._missing[vocabulary] = self._clock.monotonic_ms() + MISSING_FOR_MS
            except BaseException:
                await attempt.aclose()
                raise
            else:
                await opened.enter_async_context(attempt)
                return found
        return await self._exchange(session, None, opened)

    async def _exchange(
        self, session: Session, vocabulary: str | None, opened: AsyncExitStack
    ) -> tuple[Exchange, EventSigner]:
        request = self._streams.open("/stream-transcription", self._fields(session, vocabulary))
        line, signer = await opened.enter_async_context(request)
        await _accepted(line)
        return line, signer

    def _fields(self, session: Session, vocabulary: str | None) -> dict[str, str]:
        return {
            "x-amz-target": "com.amazonaws.transcribe.Transcribe.StartStreamTranscription",
            "x-amzn-transcribe-language-code": LANGUAGES.closest(session.language) or session.language,
            "x-amzn-transcribe-sample-rate": str(SAMPLE_RATE_HZ),
            "x-amzn-transcribe-media-encoding": "pcm",
            "x-amzn-transcribe-session-id": str(uuid.uuid4()),
            "x-amzn-transcribe-enable-channel-identification": "true",
            "x-amzn-transcribe-number-of-channels": "2",
            "x-amzn-transcribe-enable-partial-results-stabilization": "true",
            "x-amzn-transcribe-partial-results-stability": self._stability,
            **({"x-amzn-transcribe-vocabulary-name": vocabulary} if vocabulary else {}),
        }


async def _accepted(line: Exchange) -> None:
    answer = await line.response()
    status = int(answer.get(":status", "0"))
    if status == 200:
        return
    kind = answer.get("x-amzn-errortype", f"status {status}").partition(":")[0]
    message = ""
    with suppress(ConnectionLost, ValueError):
        text = b"".join([part async for part in line.body()])
        fields = json.loads(text)
        message = str(fields.get("Message") or fields.get("message") or "")
    raise _refusal(kind, message)


def _refusal(kind: str, message: str) -> RecogniserUnavailable | RecogniserRefused:
    """What to make of an error that Transcribe names. Its message is read but not repeated."""
    if kind == "BadRequestException" and not any(word in message.lower() for word in _PASSING):
        return RecogniserRefused(
            "Transcribe does not take this session (BadRequestException): check the tenant's language, which must be "
            "one that streams with two channels in this region"
        )
    return RecogniserUnavailable(f"Transcribe answered {kind}")


class _unavailable:
    """Turns a lost connection, and missing credentials, into the subject's own error."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ConnectionLost):
            raise RecogniserUnavailable(f"Transcribe: {error}") from error
        if isinstance(error, BotoCoreError):
            raise RecogniserUnavailable(f"no AWS credentials for Transcribe: {type(error).__name__}") from error


class _TranscribeStream:
    def __init__(
        self, line: Exchange, signer: EventSigner, session: Session, clock: Clock, longest_session_ms: float
    ) -> None:
        self._line = line
        self._signer = signer
        self._clock = clock
        self._timeline = SentAudio(session.offset_ms)
        self._longest_session_ms = longest_session_ms
        self._sent_at_ms = clock.monotonic_ms()
        self._sending = asyncio.Lock()
        self._finished = False

    async def send(self, chunk: StereoChunk) -> None:
        if self._timeline.sent_ms >= self._longest_session_ms:
            raise SessionOver("the session is near the longest that Transcribe allows")
        if chunk.pcm:
            async with self._sending:
                await self._send_audio(chunk.pcm)

    async def finish(self) -> None:
        async with self._sending:
            self._finished = True
            with _unavailable():
                await self._line.send(self._signer.signed(b""), end=True)

    async def keep_alive(self) -> None:
        """Silence of our own while no audio comes; it moves the session's time on, but not the call's."""
        silence = bytes(4 * CHUNK_SAMPLES)
        while not self._finished:
            quiet_ms = self._clock.monotonic_ms() - self._sent_at_ms
            if quiet_ms >= SILENCE_AFTER_MS:
                # A connection that is lost is found by whoever sends or reads.
                with suppress(RecogniserUnavailable):
                    async with self._sending:
                        self._timeline.insert(CHUNK_MS)
                        await self._send_audio(silence)
                quiet_ms = 0
            await self._clock.sleep_ms(SILENCE_AFTER_MS - quiet_ms)

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        messages = EventStreamBuffer()
        with _unavailable():
            async for data in self._line.body():
                messages.add_data(data)
                for event in self._read(messages):
                    yield event
        if not self._finished:
            raise RecogniserUnavailable("Transcribe ended the session before the audio ended")

    async def _send_audio(self, pcm: bytes) -> None:
        self._sent_at_ms = self._clock.monotonic_ms()
        self._timeline.sent(len(pcm) / (4 * SAMPLE_RATE_HZ / 1000))
        with _unavailable():
            await self._line.send(self._signer.signed(encoded(AUDIO_EVENT, pcm)))

    def _read(self, messages: EventStreamBuffer) -> list[TranscriptResult]:
        """The results of the messages that are complete now."""
        found: list[TranscriptResult] = []
        try:
            for message in messages:
                headers = cast("dict[str, Any]", message.headers)
                if headers.get(":message-type") != "event":
                    kind = headers.get(":exception-type") or headers.get(":error-code")
                    raise _refusal(str(kind), message.payload.decode(errors="replace"))
                if headers.get(":event-type") == "TranscriptEvent":
                    found += recognised(json.loads(message.payload), self._timeline)
        except (ParserError, ValueError, KeyError, TypeError, IndexError) as error:
            raise RecogniserUnavailable(
                f"Transcribe sent a message of another shape: {type(error).__name__}"
            ) from error
        return found
