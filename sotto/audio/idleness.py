"""Reads a source until it brings nothing for too long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from sotto.clock import Clock


class Idleness:
    """Notices that one read has been waiting for ``idle_ms``, or for ``draining_ms`` once ``ended`` is set. One watch
    for a whole connection: a timer for every read would cost more than reading."""

    def __init__(self, clock: Clock, idle_ms: float, draining_ms: float, ended: asyncio.Event) -> None:
        self._clock, self._idle_ms, self._draining_ms, self._ended = clock, idle_ms, draining_ms, ended
        self._reads = 0
        self._since_ms = 0.0
        self._is_reading = False

    async def until_idle(self, source: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """The source's pieces. Time that the taker needs for a piece does not count."""
        idle = asyncio.ensure_future(self._noticed())
        read: asyncio.Future[bytes] | None = None
        try:
            while True:
                self._reads, self._since_ms, self._is_reading = self._reads + 1, self._clock.monotonic_ms(), True
                read = asyncio.ensure_future(_next(source))
                await asyncio.wait({read, idle}, return_when=asyncio.FIRST_COMPLETED)
                self._is_reading = False
                data = read.result() if read.done() else b""
                if not data:
                    return
                yield data
        finally:
            waiting: list[asyncio.Future[Any]] = [idle, *([read] if read else [])]
            for each in waiting:
                each.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _noticed(self) -> None:
        while True:
            watched, ended = self._reads, self._ended.is_set()
            limit_ms = self._draining_ms if ended else self._idle_ms
            waited_ms = self._clock.monotonic_ms() - self._since_ms if self._is_reading else 0.0
            await self._sleep_or_end(max(0.0, limit_ms - waited_ms), ended)
            if self._is_reading and self._reads == watched and self._ended.is_set() == ended:
                return

    async def _sleep_or_end(self, duration_ms: float, ended: bool) -> None:
        """Sleep, but not on when the contact ends meanwhile."""
        if ended:
            await self._clock.sleep_ms(duration_ms)
            return
        asleep = asyncio.ensure_future(self._clock.sleep_ms(duration_ms))
        over = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait({asleep, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            asleep.cancel()
            over.cancel()
            await asyncio.gather(asleep, over, return_exceptions=True)


async def _next(source: AsyncIterator[bytes]) -> bytes:
    return await anext(source, b"")
