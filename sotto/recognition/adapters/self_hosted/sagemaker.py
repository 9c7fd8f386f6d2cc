"""By SageMaker's InvokeEndpointWithBidirectionalStream: an event stream over HTTP/2, each event signed.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime-http2_InvokeEndpointWithBidirectionalStream.html,
as the service model of the SDK has it: an event PayloadPart carries a message, its headers say of what type it is and
whether it is whole. SageMaker makes a WebSocket frame of each, and of each frame of the container an event.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, cast
from urllib.parse import quote

from botocore.eventstream import EventStreamBuffer, ParserError
from botocore.exceptions import BotoCoreError

from sotto.aws.event_stream import EventSigner, encoded
from sotto.aws.event_stream_request import Credentials, EventStreams, domain_of
from sotto.aws.http2 import ConnectionLost, Exchange
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


class SageMakerLinks:
    """``address``: https://host:port, for a VPC endpoint; ``tls``: for another trust store."""

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
        self._path = f"/endpoints/{quote(endpoint, safe='')}/invocations-bidirectional-stream"
        address = address or f"https://runtime.sagemaker.{region}.{domain_of(region)}:{PORT}"
        self._streams = EventStreams(SERVICE, credentials, address=address, region=region, clock=clock, tls=tls)

    def connect(self) -> AbstractAsyncContextManager[Link]:
        return self._connected()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Link]:
        try:
            async with self._streams.open(self._path, {}) as (line, signer):
                yield _SageMakerLink(line, signer)
        except BotoCoreError as error:
            raise RecogniserUnavailable(f"no AWS credentials for SageMaker: {type(error).__name__}") from error
        except ConnectionLost as error:
            raise RecogniserUnavailable(f"SageMaker: {error}") from error


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
