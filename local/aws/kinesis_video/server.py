"""Kinesis Video Streams over HTTP: streams, GetDataEndpoint, GetMedia and PutMedia for unmodified clients."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from local.aws.appsync.authorisation import IamCaller
from local.aws.kinesis_video.errors import ConnectionDropped, RequestRefused
from local.aws.kinesis_video.muxer import error_media
from local.aws.kinesis_video.producers import Producers
from local.aws.kinesis_video.stream import FragmentNotFound, LiveStream
from sotto.core.clock import Clock, SystemClock

REGION, ACCOUNT = "us-east-1", "111122223333"
CONNECTIONS_A_STREAM = 3
CREATING_MS = 150
FRAGMENTS_A_SECOND = 5.0
PATHS = (
    *("/getDataEndpoint", "/getMedia", "/putMedia"),
    *("/createStream", "/describeStream", "/listStreams", "/deleteStream"),
)
_PIECE_BYTES = 8 << 10
_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,256}")


class KinesisVideo:
    """The streams of one account and region, and the ASGI app that serves them.

    Catching up is limited to ``fragments_a_second`` times ``speed`` as in the service; at speed 0 it is not limited.
    """

    def __init__(self, *, clock: Clock | None = None, speed: float = 1.0, caller: IamCaller | None = None) -> None:
        self._streams: dict[str, LiveStream] = {}
        self._clock = clock or SystemClock()
        self._pause_ms = 1000 / (FRAGMENTS_A_SECOND * speed) if speed > 0 else 0.0
        self.producers = Producers(self._clock, caller, FRAGMENTS_A_SECOND * speed)
        self.app = Starlette(
            routes=[
                Route("/createStream", self._create, methods=["POST"]),
                Route("/describeStream", self._describe, methods=["POST"]),
                Route("/listStreams", self._list, methods=["POST"]),
                Route("/deleteStream", self._delete, methods=["POST"]),
                Route("/putMedia", self._put_media, methods=["POST"]),
                Route("/getDataEndpoint", self._get_data_endpoint, methods=["POST"]),
                Route("/getMedia", self._get_media, methods=["POST"]),
            ],
            exception_handlers={RequestRefused: _refusal},
        )

    @property
    def streams(self) -> tuple[LiveStream, ...]:
        return tuple(self._streams.values())

    def create_stream(self, arn: str) -> LiveStream:
        """The stream with this ARN, made at first use."""
        return self._streams.setdefault(arn, LiveStream(arn))

    async def _create(self, request: Request) -> Response:
        wanted = await _parameters(request)
        name, hours = wanted.get("StreamName"), wanted.get("DataRetentionInHours", 0)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise RequestRefused("InvalidArgumentException", "StreamName: 1 to 256 of a-z, A-Z, 0-9, _.-")
        if not isinstance(hours, int) or hours < 0:
            raise RequestRefused("InvalidArgumentException", "DataRetentionInHours: 0 or more")
        if any(each.name == name for each in self._streams.values()):
            raise RequestRefused("ResourceInUseException", "The stream exists already")
        now_ms = self._clock.now_ms()
        stream = self.create_stream(f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/{name}/{int(now_ms)}")
        stream.created_at_ms, stream.retention_hours = now_ms, hours
        stream.active_from_ms = self._clock.monotonic_ms() + CREATING_MS
        return JSONResponse({"StreamARN": stream.arn})

    async def _describe(self, request: Request) -> Response:
        return JSONResponse({"StreamInfo": self._info(self._named(await _parameters(request)))})

    async def _list(self, request: Request) -> Response:
        condition = (await _parameters(request)).get("StreamNameCondition") or {}
        begin = condition.get("ComparisonValue", "")
        found = [self._info(each) for each in list(self._streams.values()) if each.name.startswith(begin)]
        return JSONResponse({"StreamInfoList": found})

    async def _delete(self, request: Request) -> Response:
        stream = self._named(await _parameters(request))
        del self._streams[stream.arn]
        stream.end()
        return JSONResponse({})

    async def _put_media(self, request: Request) -> Response:
        return await self.producers.put_media(request, self._stream)

    def _info(self, stream: LiveStream) -> dict[str, Any]:
        return {
            "StreamARN": stream.arn,
            "StreamName": stream.name,
            "Status": "ACTIVE" if self._is_active(stream) else "CREATING",
            "CreationTime": stream.created_at_ms / 1000,
            "DataRetentionInHours": stream.retention_hours,
        }

    def _is_active(self, stream: LiveStream) -> bool:
        return self._clock.monotonic_ms() >= stream.active_from_ms

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
        """One that can be written and read."""
        stream = self._named(wanted)
        if not self._is_active(stream):
            raise RequestRefused("ResourceNotFoundException", "The requested stream is not found or not active", 404)
        return stream

    def _named(self, wanted: Mapping[str, Any]) -> LiveStream:
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
