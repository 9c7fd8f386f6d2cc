"""PutMedia over HTTP, no kinder than AWS: signed, one producer a stream, five fragments a second, acknowledgements
while the body is still being sent.
"""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local.aws.appsync.authorisation import IamCaller
from local.aws.kinesis_video.errors import ConnectionDropped, RequestRefused
from local.aws.kinesis_video.put_media import Buffering, Upload, Uploaded, UploadRefused
from local.aws.kinesis_video.stream import LiveStream
from local.aws.signed_requests import NotSigned, check_signature
from sotto.core.clock import Clock

CALLS_A_SECOND = 5
BURST = 10
"""Fragments that may come at once, by our own reckoning: documented are five a second."""


class Producers:
    """``caller``: whose signatures are good; None asks for none. ``fragments_a_second``: 0 for any number."""

    def __init__(self, clock: Clock, caller: IamCaller | None, fragments_a_second: float) -> None:
        self._clock, self._caller, self._rate = clock, caller, fragments_a_second
        self._connected: set[str] = set()
        self._calls: dict[str, deque[float]] = {}
        self._chance = random.Random(0)
        self.lose_acks = False
        """From now on fragments are stored, and nobody is told."""

    async def put_media(self, request: Request, stream_of: Callable[[dict[str, Any]], LiveStream]) -> Response:
        if self._caller is not None:
            try:
                check_signature(request, b"", "kinesisvideo", self._caller)
            except NotSigned as error:
                raise RequestRefused("AccessDeniedException", str(error), 403) from None
        headers = request.headers
        name, arn = headers.get("x-amzn-stream-name"), headers.get("x-amzn-stream-arn")
        if (name is None) == (arn is None):
            raise RequestRefused("InvalidArgumentException", "Give x-amzn-stream-name or x-amzn-stream-arn")
        stream = stream_of({"StreamName": name, "StreamARN": arn})
        zero_ms = _zero_ms(request)
        self._count(stream.name)
        if stream.name in self._connected:
            raise RequestRefused("ConnectionLimitExceededException", "The stream has a producer already")
        self._connected.add(stream.name)
        acks = headers.get("x-amzn-fragment-acknowledgment-required") == "1"
        return _WhileItComes(self._acks(request, stream, Upload(zero_ms), acks))

    def _count(self, stream: str) -> None:
        calls, now_ms = self._calls.setdefault(stream, deque()), self._clock.monotonic_ms()
        while calls and now_ms - calls[0] > 1_000:
            calls.popleft()
        calls.append(now_ms)
        if len(calls) > CALLS_A_SECOND:
            raise RequestRefused("ClientLimitExceededException", "More than 5 calls of PutMedia a second")

    async def _acks(self, request: Request, stream: LiveStream, upload: Upload, wanted: bool) -> AsyncIterator[bytes]:
        bucket = _Bucket(self._clock, self._rate)
        drops = stream.producer_drops
        stream.begin()
        body = request.stream()
        try:
            while True:
                data = await stream.unless_dropped(anext(body, None), drops)
                found = upload.finish() if not data else upload.feed(data)
                for each in found:
                    for ack in self._taken(each, stream, bucket):
                        if wanted and not self.lose_acks:
                            for piece in self._torn(ack):
                                yield piece
                if not data:
                    return
        except UploadRefused as refused:
            error = {"EventType": "ERROR", "ErrorId": refused.error.value, "ErrorCode": refused.error.name}
            yield json.dumps(error | {"FragmentTimecode": refused.time_ms}).encode() + b"\n"
        except ClientDisconnect:
            return
        finally:
            self._connected.discard(stream.name)

    def _taken(self, each: Buffering | Uploaded, stream: LiveStream, bucket: _Bucket) -> list[dict[str, Any]]:
        if isinstance(each, Buffering):
            bucket.take()
            return [{"EventType": "BUFFERING", "FragmentTimecode": each.time_ms}]
        stored = each.stored(stream.newest + 1, self._clock.now_ms())
        stream.append(stored)
        about = {"FragmentTimecode": each.time_ms, "FragmentNumber": stored.number}
        return [{"EventType": "RECEIVED", **about}, {"EventType": "PERSISTED", **about}]

    def _torn(self, ack: dict[str, Any]) -> list[bytes]:
        """Where a network tears them."""
        whole = json.dumps(ack, separators=(",", ":")).encode() + b"\r\n"
        at = self._chance.randrange(len(whole))
        return [part for part in (whole[:at], whole[at:]) if part]


class _WhileItComes(Response):
    """Answers while the request's body is still being sent: Starlette's own streaming answers read what is left of it,
    to see whether the client goes."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        super().__init__(media_type="application/json")
        self._pieces = pieces
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for piece in self._pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class _Bucket:
    def __init__(self, clock: Clock, rate: float) -> None:
        self._clock, self._rate = clock, rate
        self._tokens, self._at_ms = float(BURST), clock.monotonic_ms()

    def take(self) -> None:
        if not self._rate:
            return
        now_ms = self._clock.monotonic_ms()
        self._tokens = min(BURST, self._tokens + (now_ms - self._at_ms) / 1_000 * self._rate)
        self._at_ms = now_ms
        if self._tokens < 1:
            raise ConnectionDropped
        self._tokens -= 1


def _zero_ms(request: Request) -> int:
    kind = request.headers.get("x-amzn-fragment-timecode-type", "")
    start = request.headers.get("x-amzn-producer-start-timestamp", "")
    if kind == "ABSOLUTE":
        return 0
    try:
        zero_ms = int(float(start) * 1000)
    except ValueError:
        zero_ms = -1
    if kind != "RELATIVE" or zero_ms < 0:
        wanted = "x-amzn-fragment-timecode-type: ABSOLUTE, or RELATIVE with x-amzn-producer-start-timestamp in seconds"
        raise RequestRefused("InvalidArgumentException", wanted)
    return zero_ms
