"""By a WebSocket of its own, for a container that runs elsewhere than on SageMaker."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from sotto.core.api_keys import ApiKey
from sotto.recognition.adapters.provider_key import current_key
from sotto.recognition.adapters.self_hosted.link import Link
from sotto.recognition.recogniser import RecogniserRefused, RecogniserUnavailable
from sotto.recognition.self_hosted import LONGEST_MESSAGE_BYTES, PATH

OPEN_WITHIN_S = 3.0
CLOSE_WITHIN_S = 0.2


class WebSocketLinks:
    """``url``: wss://host[:port], to which the container's path is added. ``key``: its token, None where it asks for
    none. ``tls``: for another trust store."""

    def __init__(
        self,
        url: str,
        *,
        key: ApiKey | None = None,
        tls: ssl.SSLContext | None = None,
        proxy: str | Literal[True] | None = True,
    ) -> None:
        self._url = url.rstrip("/") + PATH
        self._key = key
        self._tls = tls
        self._proxy = proxy

    def connect(self) -> AbstractAsyncContextManager[Link]:
        return self._connected()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Link]:
        socket = await self._dialled()
        try:
            yield _WebSocketLink(socket)
        finally:
            await socket.close()
            # The socket's own tasks end in the turn of the loop after it has closed.
            await socket.wait_closed()

    async def _dialled(self) -> ClientConnection:
        token = None if self._key is None else await current_key(self._key)
        try:
            return await connect(
                self._url,
                additional_headers={"Authorization": f"Bearer {token}"} if token else None,
                ssl=self._tls,
                proxy=self._proxy,
                open_timeout=OPEN_WITHIN_S,
                close_timeout=CLOSE_WITHIN_S,
                compression=None,
                max_size=LONGEST_MESSAGE_BYTES,
            )
        except InvalidStatus as error:
            status = error.response.status_code
            if status == 401 and self._key is not None and token:
                await asyncio.to_thread(self._key.refused, token)
            raise RecogniserUnavailable(f"the self-hosted recogniser answered {status}") from error
        except InvalidURI as error:
            raise RecogniserRefused("the self-hosted recogniser's address is none: write wss://host[:port]") from error
        except (OSError, TimeoutError, InvalidHandshake) as error:
            raise RecogniserUnavailable(
                f"the self-hosted recogniser cannot be reached: {type(error).__name__}"
            ) from error


class _WebSocketLink:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, data: bytes) -> None:
        try:
            await self._socket.send(data)
        except ConnectionClosed as error:
            raise _lost(error) from error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for received in self._socket:
                yield received.encode() if isinstance(received, str) else received
        except ConnectionClosed as error:
            raise _lost(error) from error


def _lost(error: ConnectionClosed) -> RecogniserUnavailable:
    code = "" if error.rcvd is None else f" ({error.rcvd.code})"
    return RecogniserUnavailable(f"the self-hosted recogniser's socket was lost{code}")
