"""PutMedia over HTTP/1.1: the request's body and the acknowledgements flow at the same time, for as long as a call.

boto3 has no such operation, and clients such as httpx read no answer before the request's end: hence h11 on a socket.
https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_PutMedia.html
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import h11
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from media_gateway.kinesis.sink import Ack, AckKind, SinkConnection, SinkRefused, SinkUnavailable
from sotto.core.errors import Rejected, Retryable

CONNECT_WITHIN_S = 5.0
READ_BYTES = 16 << 10
LONGEST_ANSWER = 64 << 10
PATH = "/putMedia"
_REFUSED = frozenset({"AccessDeniedException", "NotAuthorizedException", "UnrecognizedClientException",
                      "InvalidSignatureException", "InvalidArgumentException"})  # fmt: skip
_KINDS = {kind.value: kind for kind in AckKind}


class PutMedia:
    """``endpoint_of``: of a stream's name, as GetDataEndpoint says; may block. ``credentials``: the ones of now; may
    block. ``tls``: None for this machine's own authorities."""

    def __init__(
        self,
        endpoint_of: Callable[[str], str],
        credentials: Callable[[], ReadOnlyCredentials],
        region: str,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._endpoint_of, self._credentials, self._region = endpoint_of, credentials, region
        self._tls = tls

    @asynccontextmanager
    async def open(self, stream: str) -> AsyncIterator[SinkConnection]:
        try:
            address, credentials = await asyncio.to_thread(lambda: (self._endpoint_of(stream), self._credentials()))
        except Retryable as error:
            raise SinkUnavailable(str(error)) from error
        except Rejected as error:
            raise SinkRefused(str(error)) from error
        url = urlsplit(address)
        is_secure = url.scheme == "https"
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                reader, writer = await asyncio.open_connection(
                    url.hostname,
                    url.port or (443 if is_secure else 80),
                    ssl=(self._tls or ssl.create_default_context()) if is_secure else None,
                )
        except (OSError, TimeoutError) as error:
            raise SinkUnavailable(f"PutMedia: {type(error).__name__}") from error
        connection = _Connection(reader, writer)
        try:
            await connection.begin(signed_headers(address, stream, credentials, self._region))
            yield connection
        finally:
            writer.transport.abort()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()


def signed_headers(endpoint: str, stream: str, credentials: ReadOnlyCredentials, region: str) -> list[tuple[str, str]]:
    """Of the request. A body that is sent while it is made is signed as if it were empty."""
    url = urlsplit(endpoint)
    wanted = {
        "host": url.netloc,
        "x-amzn-stream-name": stream,
        "x-amzn-fragment-timecode-type": "ABSOLUTE",
        "x-amzn-fragment-acknowledgment-required": "1",
    }
    request = AWSRequest("POST", f"{url.scheme}://{url.netloc}{PATH}", data=b"", headers=wanted)
    SigV4Auth(credentials, "kinesisvideo", region).add_auth(request)
    return [*((str(name), str(value)) for name, value in request.headers.items()), ("transfer-encoding", "chunked")]


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.CLIENT)

    async def begin(self, headers: list[tuple[str, str]]) -> None:
        await self._write(h11.Request(method="POST", target=PATH, headers=headers))

    async def send(self, data: bytes) -> None:
        await self._write(h11.Data(data=data))

    async def end(self) -> None:
        await self._write(h11.EndOfMessage())

    async def acks(self) -> AsyncIterator[Ack]:
        written = ""
        while True:
            event = await self._next()
            if isinstance(event, h11.Response) and event.status_code != 200:
                raise await self._failure(event)
            elif isinstance(event, h11.Data):
                found, written = _acks_in(written + bytes(event.data).decode("utf-8", "replace"))
                for ack in found:
                    yield ack
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed) or event is h11.PAUSED:
                return

    async def _write(self, event: h11.Event) -> None:
        try:
            self._writer.write(self._http.send(event) or b"")
            await self._writer.drain()
        except (OSError, h11.LocalProtocolError) as error:
            raise SinkUnavailable(f"PutMedia: {type(error).__name__}") from error

    async def _next(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._http.receive_data(await self._reader.read(READ_BYTES))
            return event
        except (OSError, h11.RemoteProtocolError) as error:
            raise SinkUnavailable(f"PutMedia: {type(error).__name__}") from error

    async def _failure(self, response: h11.Response) -> SinkUnavailable | SinkRefused:
        """What the service answered in place of acknowledgements."""
        body = b""
        while len(body) < LONGEST_ANSWER:
            event = await self._next()
            if isinstance(event, h11.Data):
                body += bytes(event.data)
            else:
                break
        headers = {bytes(name).lower(): bytes(value) for name, value in response.headers}
        code = headers.get(b"x-amzn-errortype", b"").decode("latin-1").split(":")[0]
        kind = SinkRefused if code in _REFUSED else SinkUnavailable
        return kind(f"PutMedia: {code or response.status_code}")


def _acks_in(text: str) -> tuple[list[Ack], str]:
    """What is whole of it, and the rest. The service writes one JSON object after the other."""
    found, decoder = [], json.JSONDecoder()
    while text := text.lstrip():
        try:
            written, end = decoder.raw_decode(text)
        except ValueError:
            break
        if isinstance(written, dict) and (ack := _ack(written)) is not None:
            found.append(ack)
        text = text[end:]
    if len(text) > LONGEST_ANSWER:
        raise SinkUnavailable("PutMedia: acknowledgements that are no JSON")
    return found, text


def _ack(written: Mapping[str, Any]) -> Ack | None:
    kind = _KINDS.get(str(written.get("EventType", "")))
    time = written.get("FragmentTimecode")
    if kind is None:
        return None
    return Ack(kind, time if isinstance(time, int) else None, str(written.get("ErrorId", "")))
