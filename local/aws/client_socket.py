"""The server's end of one client's WebSocket, as both delivery channels need it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

MOST_WAITING_FRAMES = 256
"""A client that reads this far behind is closed, so that it never holds up the others."""


class SlowClient(Exception):
    """The buffer towards the client is full."""


class ClientSocket:
    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self._outbox: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING_FRAMES)

    def post(self, text: str) -> None:
        """Raises SlowClient."""
        try:
            self._outbox.put_nowait(text)
        except asyncio.QueueFull:
            raise SlowClient from None

    async def serve_until_one_ends(self, *parts: Coroutine[Any, Any, Any]) -> None:
        """Runs ``parts`` and sends what is posted meanwhile. Raises what ended it, WebSocketDisconnect on its own."""
        tasks = [asyncio.create_task(part) for part in (self._write(), *parts)]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in ended:
            try:
                task.result()
            except* WebSocketDisconnect as gone:
                raise gone.exceptions[0] from None

    async def close(self, code: int, reason: str = "") -> None:
        """Nothing where either side has closed it."""
        ours = self.socket.application_state is WebSocketState.CONNECTED
        if ours and self.socket.client_state is WebSocketState.CONNECTED:
            await self.socket.close(code, reason)

    async def _write(self) -> None:
        while True:
            await self.socket.send_text(await self._outbox.get())
