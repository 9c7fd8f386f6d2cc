"""Kinesis Video Streams over HTTP: GetDataEndpoint and GetMedia for unmodified SDK clients."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from local.aws.kinesis_video.muxer import error_media
from local.aws.kinesis_video.stream import FragmentNotFound, LiveStream
from sotto.core.clock import Clock, SystemClock

CONNECTIONS_A_STREAM = 3
FRAGMENTS_A_SECOND = 5.0
_PIECE_BYTES = 8 << 10


class RequestRefused(Exception):
    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


class ConnectionDropped(ConnectionError):
    """Raised inside a response on purpose: the server then hangs up in the middle of it."""


def _is_a_mistake(record: logging.LogRecord) -> bool:
    """ASGI has no other way to hang up than an error, which uvicorn logs with its traceback. This one is wanted."""
    return not (record.exc_info and isinstance(record.exc_info[1], ConnectionDropped))


logging.getLogger("uvicorn.error").addFilter(_is_a_mistake)


class KinesisVideo:
    """The streams of one account and region, and the ASGI app that serves them.

    Catching up is limited to ``fragments_a_second`` times ``speed`` as in the service; at speed 0 it is not limited.
    """

    def __init__(self, *, clock: Clock | None = None, speed: float = 1.0) -> None:
        self._streams: dict[str, LiveStream] = {}
        self._clock = clock or SystemClock()
        self._pause_ms = 1000 / (FRAGMENTS_A_SECOND * speed) if speed > 0 else 0.0
        self.app = Starlette(
            routes=[
                Route("/getDataEndpoint", self._get_data_endpoint, methods=["POST"]),
                Route("/getMedia", self._get_media, methods=["POST"]),
            ],
            exception_handlers={RequestRefused: _refusal},
        )

    def create_stream(self, arn: str) -> LiveStream:
        """The stream with this ARN, made at first use."""
        return self._streams.setdefault(arn, LiveStream(arn))

    async def _get_data_endpoint(self, request: Request) -> Response:
        wanted = await _parameters(request)
        self._stream(wanted)
        if wanted.get("APIName") not in ("GET_MEDIA", "PUT_MEDIA"):
            raise RequestRefused("InvalidArgumentException", "APIName is not one that this endpoint serves")
        return JSONResponse({"DataEndpoint": str(request.base_url).rstrip("/")})

    async def _get_media(self, request: Request) -> Response:
        wanted = await _parameters(request)
        stream = self._stream(wanted)
        if stream.readers >= CONNECTIONS_A_STREAM:
            raise RequestRefused("ConnectionLimitExceededException", "More than 3 connections read this stream")
        try:
            body = self._media(stream, _start(stream, wanted.get("StartSelector") or {}))
        except FragmentNotFound:
            body = _failing(4000, "FRAGMENT_NOT_FOUND")
        return StreamingResponse(body, media_type="video/webm")

    async def _media(self, stream: LiveStream, index: int) -> AsyncIterator[bytes]:
        stream.readers += 1
        drops, next_at_ms = stream.drops, 0.0
        try:
            async for position, fragment in stream.read(index):
                await self._clock.sleep_ms(max(0.0, next_at_ms - self._clock.monotonic_ms()))
                next_at_ms = self._clock.monotonic_ms() + self._pause_ms
                media = fragment.media(fragment.number, stream.lag_ms(position))
                for at in range(0, len(media), _PIECE_BYTES):
                    if stream.drops != drops:
                        raise ConnectionDropped
                    yield media[at : at + _PIECE_BYTES]
            if stream.drops != drops:
                raise ConnectionDropped
        finally:
            stream.readers -= 1

    def _stream(self, wanted: Mapping[str, Any]) -> LiveStream:
        arn, name = wanted.get("StreamARN"), wanted.get("StreamName")
        if not arn and not name:
            raise RequestRefused("InvalidArgumentException", "Either StreamARN or StreamName must be given")
        for stream in self._streams.values():
            if stream.arn == arn or stream.name == name:
                return stream
        raise RequestRefused("ResourceNotFoundException", "The requested stream is not found or not active", 404)


def _start(stream: LiveStream, selector: Mapping[str, Any]) -> int:
    """The position a start selector names; a fragment number or a token begins after its fragment."""
    match selector.get("StartSelectorType"):
        case "FRAGMENT_NUMBER":
            return stream.after(_required(selector, "AfterFragmentNumber"))
        case "CONTINUATION_TOKEN":
            return stream.after(_required(selector, "ContinuationToken"))
        case "PRODUCER_TIMESTAMP" | "SERVER_TIMESTAMP" as kind:
            at_ms = float(_required(selector, "StartTimestamp")) * 1000
            return stream.position_at(at_ms, server_time=kind == "SERVER_TIMESTAMP")
        case "NOW":
            return stream.newest
        case "EARLIEST":
            return 0
    raise RequestRefused("InvalidArgumentException", "StartSelectorType is missing or unknown")


def _required(selector: Mapping[str, Any], name: str) -> str:
    if selector.get(name) in (None, ""):
        raise RequestRefused("InvalidArgumentException", f"{name} is required with this StartSelectorType")
    return str(selector[name])


async def _failing(error_id: int, error_code: str) -> AsyncIterator[bytes]:
    yield error_media(error_id, error_code)


async def _parameters(request: Request) -> dict[str, Any]:
    try:
        parameters = await request.json()
    except ValueError as error:
        raise RequestRefused("InvalidArgumentException", "The request body is not JSON") from error
    return dict(parameters)


async def _refusal(_: Request, refused: Exception) -> Response:
    assert isinstance(refused, RequestRefused)
    headers = {"x-amzn-ErrorType": refused.code}
    return JSONResponse({"Message": str(refused)}, status_code=refused.status, headers=headers)
