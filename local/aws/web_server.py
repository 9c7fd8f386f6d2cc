"""An ASGI application on a port of this machine, in a thread of its own. No page of another server is answered."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from local.aws.own_pages import OwnPagesOnly, nothing_is_played
from sotto.core.errors import Rejected

START_WITHIN_S = 10.0


class PortTaken(Rejected):
    """The wanted port is in use."""


class LateApp:
    """An application that is decided after its server's address is known."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


class _Server(uvicorn.Server):
    """``at_end`` runs in the server's own loop, after its last request: what it opened there is closed there."""

    def __init__(self, config: uvicorn.Config, at_end: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._at_end = at_end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        await self._at_end()


async def _nothing() -> None:
    return


class WebServer:
    """Serves from ``__enter__`` to ``__exit__``. ``port`` 0 chooses a free one. ``has_pages``: for a browser.
    ``plays``: as of OwnPagesOnly."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int = 0,
        name: str = "web",
        has_pages: bool = False,
        plays: Callable[[Scope], bool] = nothing_is_played,
        at_end: Callable[[], Awaitable[None]] = _nothing,
    ) -> None:
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            OwnPagesOnly(app, port=self.port, has_pages=has_pages, plays=plays),
            log_level="warning",
            access_log=False,
            lifespan="off",
            loop="asyncio",  # uvloop refuses to close while a cancelled connection still has a handle
            timeout_graceful_shutdown=1,
            ws="websockets-sansio",
            ws_max_size=2**20,
            ws_per_message_deflate=False,
        )
        self._server = _Server(config, at_end)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._wait_until_serving()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _without_complaints():
            self._server.should_exit = True
            self._thread.join(timeout=5)
        self._socket.close()

    def drop_connections(self) -> None:
        """Cut every open connection, as a network does."""
        for connection in list(self._server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()

    def _wait_until_serving(self) -> None:
        """The socket listens already, so the first connection waits in its queue until uvicorn accepts it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=START_WITHIN_S):
            return


@contextmanager
def _without_complaints() -> Iterator[None]:
    """Streams that are open at the end are cut; uvicorn would log each as an error."""
    log = logging.getLogger("uvicorn.error")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def _bound(port: int) -> socket.socket:
    # With the protocol named, asyncio switches Nagle's algorithm off on what it accepts.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError as error:
        bound.close()
        raise PortTaken(f"port {port} is taken: stop what uses it, or choose another with --port") from error
    bound.listen(512)
    bound.setblocking(False)
    return bound
