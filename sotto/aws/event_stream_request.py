"""The HTTP/2 request that opens a signed event stream, where neither botocore nor the SDK makes it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from sotto.aws.event_stream import EventSigner
from sotto.aws.http2 import Exchange, exchange
from sotto.core.clock import Clock

Credentials = Callable[[], ReadOnlyCredentials]
_FIELDS = {
    "content-type": "application/vnd.amazon.eventstream",
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-EVENTS",
}


class EventStreams:
    """Of one service (its name in signatures) in one region. ``address``: https://host[:port]. ``credentials`` is asked
    at each stream, in a thread, so roles are renewed. ``tls``: for another trust store."""

    def __init__(
        self,
        service: str,
        credentials: Credentials,
        *,
        address: str,
        region: str,
        clock: Clock,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._service = service
        self._credentials = credentials
        self._address = address
        self._region = region
        self._clock = clock
        self._tls = tls

    @asynccontextmanager
    async def open(self, path: str, fields: Mapping[str, str]) -> AsyncIterator[tuple[Exchange, EventSigner]]:
        """A POST of ``path`` with these header fields, and what signs its events. The answer is not read yet.

        :raises BotoCoreError: there are no credentials.
        :raises ConnectionLost: no connection, or one that breaks while the stream is open."""
        credentials = await asyncio.to_thread(self._credentials)
        headers, seed = self._signed(credentials, path, fields)
        place = urlsplit(self._address)
        signer = EventSigner(credentials, region=self._region, service=self._service, seed=seed, now=self._now)
        async with exchange(str(place.hostname), place.port or 443, await self._trust(), headers) as line:
            yield line, signer

    def _signed(
        self, credentials: ReadOnlyCredentials, path: str, fields: Mapping[str, str]
    ) -> tuple[list[tuple[str, str]], str]:
        """The request's headers, and its signature in hexadecimal."""
        host = urlsplit(self._address).netloc
        request = AWSRequest("POST", f"{self._address}{path}", headers={**_FIELDS, **fields, "host": host})
        SigV4Auth(credentials, self._service, self._region).add_auth(request)
        sent = {name.lower(): str(value) for name, value in request.headers.items() if name.lower() != "host"}
        pseudo = {":method": "POST", ":scheme": "https", ":authority": host, ":path": path}
        return [*pseudo.items(), *sent.items()], sent["authorization"].rpartition("Signature=")[2]

    async def _trust(self) -> ssl.SSLContext:
        if self._tls is None:
            # Loading the trust store takes tens of milliseconds.
            self._tls = await asyncio.to_thread(ssl.create_default_context)
            self._tls.set_alpn_protocols(["h2"])
        return self._tls

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)


def domain_of(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
