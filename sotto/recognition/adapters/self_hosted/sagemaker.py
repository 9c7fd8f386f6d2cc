"""By SageMaker's InvokeEndpointWithBidirectionalStream: an event stream over HTTP/2, each event signed.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime-http2_InvokeEndpointWithBidirectionalStream.html,
as the service model of the SDK has it: an event PayloadPart carries a message, its headers say of what type it is and
whether it is whole. SageMaker makes a WebSocket frame of each, and of each frame of the container an event.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from botocore.eventstream import EventStreamBuffer, ParserError
from botocore.exceptions import BotoCoreError

from sotto.aws.event_stream import EventSigner, encoded
from sotto.aws.http2 import ConnectionLost, Exchange, exchange
from sotto.core.clock import Clock
from sotto.recognition.adapters.self_hosted.link import Link
from sotto.recognition.recogniser import RecogniserRefused, RecogniserUnavailable

SERVICE = "sagemaker"
PORT = 8443
WHOLE = "COMPLETE"
"""Of an event that ends a message; the only other state is that of one that does not."""
PAYLOAD_PART = {
    ":message-type": "event",
    ":event-type": "PayloadPart",
    ":content-type": "application/octet-stream",
    "DataType": "BINARY",
    "CompletionState": WHOLE,
}
REFUSED_FOR_GOOD = frozenset(
    {"InputValidationError", "ValidationException", "ValidationError", "AccessDeniedException"}
)

Credentials = Callable[[], ReadOnlyCredentials]


class SageMakerLinks:
    """``credentials`` is asked at each session, in a thread. ``address``: https://host:port, for a VPC endpoint;
    ``tls``: for another trust store."""

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        *,
        region: str,
        clock: Clock,
        address: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self._region = region
        self._clock = clock
        domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        self._address = address or f"https://runtime.sagemaker.{region}.{domain}:{PORT}"
        self._tls = tls

    def connect(self) -> AbstractAsyncContextManager[Link]:
        return self._connected()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Link]:
        try:
            credentials = await asyncio.to_thread(self._credentials)
        except BotoCoreError as error:
            raise RecogniserUnavailable(f"no AWS credentials for SageMaker: {type(error).__name__}") from error
        headers, seed = self._signed(credentials)
        place = urlsplit(self._address)
        signer = EventSigner(credentials, region=self._region, service=SERVICE, seed=seed, now=self._now)
        try:
            async with exchange(str(place.hostname), place.port or PORT, await self._trust(), headers) as line:
                yield _SageMakerLink(line, signer)
        except ConnectionLost as error:
            raise RecogniserUnavailable(f"SageMaker: {error}") from error

    async def _trust(self) -> ssl.SSLContext:
        if self._tls is None:
            # Loading the trust store takes tens of milliseconds.
            self._tls = await asyncio.to_thread(ssl.create_default_context)
            self._tls.set_alpn_protocols(["h2"])
        return self._tls

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)

    def _signed(self, credentials: ReadOnlyCredentials) -> tuple[list[tuple[str, str]], str]:
        """The request's headers, and its signature in hexadecimal."""
        place = urlsplit(self._address)
        path = f"/endpoints/{quote(self._endpoint, safe='')}/invocations-bidirectional-stream"
        fields = {
            "content-type": "application/vnd.amazon.eventstream",
            "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-EVENTS",
        }
        request = AWSRequest("POST", f"{self._address}{path}", headers={**fields, "host": place.netloc})
        SigV4Auth(credentials, SERVICE, self._region).add_auth(request)
        sent = {name.lower(): str(value) for name, value in request.headers.items() if name.lower() != "host"}
        pseudo = {":method": "POST", ":scheme": "https", ":authority": place.netloc, ":path": path}
        return [*pseudo.items(), *sent.items()], sent["authorization"].rpartition("Signature=")[2]


class _SageMakerLink:
    def __init__(self, line: Exchange, signer: EventSigner) -> None:
        self._line = line
        self._signer = signer
        self._sending = asyncio.Lock()

    async def send(self, data: bytes) -> None:
        # Each signature covers the one before: events go in the order in which they are signed.
        async with self._sending:
            try:
                await self._line.send(self._signer.signed(encoded(PAYLOAD_PART, data)))
            except ConnectionLost as error:
                raise RecogniserUnavailable(f"SageMaker: {error}") from error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        messages = EventStreamBuffer()
        fragments: list[bytes] = []
        try:
            await self._accepted()
            async for data in self._line.body():
                messages.add_data(data)
                for each in messages:
                    headers = cast("dict[str, Any]", each.headers)
                    if headers.get(":message-type") != "event":
                        raise _refusal(str(headers.get(":exception-type") or headers.get(":error-code")))
                    if headers.get(":event-type") != "PayloadPart":
                        continue
                    fragments.append(bytes(each.payload))
                    if headers.get("CompletionState", WHOLE) == WHOLE:
                        yield b"".join(fragments)
                        fragments.clear()
        except ConnectionLost as error:
            raise RecogniserUnavailable(f"SageMaker: {error}") from error
        except ParserError as error:
            raise RecogniserUnavailable("SageMaker sent an event of another shape") from error

    async def _accepted(self) -> None:
        answer = await self._line.response()
        status = int(answer.get(":status", "0"))
        if status != 200:
            raise _refusal(answer.get("x-amzn-errortype", f"status {status}").partition(":")[0])


def _refusal(kind: str) -> RecogniserUnavailable | RecogniserRefused:
    """What to make of an error that SageMaker names; its message is not ours to log."""
    if kind in REFUSED_FOR_GOOD:
        return RecogniserRefused(
            f"SageMaker does not take this session ({kind}): is the endpoint there, and may this role invoke it?"
        )
    return RecogniserUnavailable(f"SageMaker answered {kind}")
