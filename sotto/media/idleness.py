"""Reads a source until it brings nothing for too long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from sotto.core.clock import Clock


class Idleness:
    """Notices that one read has been waiting for ``idle_ms``, or for ``draining_ms`` once ``ended`` is set. One watch
    for a whole connection, which interrupts the read as ``asyncio.timeout`` does: a timer or a task for every read
    would cost more than reading."""

    def __init__(self, clock: Clock, idle_ms: float, draining_ms: float, ended: asyncio.Event) -> None:
        self._clock, self._idle_ms, self._draining_ms, self._ended = clock, idle_ms, draining_ms, ended
        self._reads = 0
        self._since_ms = 0.0
        self._reader: asyncio.Task[Any] | None = None
        self._is_idle = False

    async def until_idle(self, source: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """The source's pieces. Time that the taker needs for a piece does not count."""
        watch = asyncio.ensure_future(self._watch())
        try:
            while data := await self._read(source):
                yield data
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    async def _read(self, source: AsyncIterator[bytes]) -> bytes:
        self._reads, self._since_ms = self._reads + 1, self._clock.monotonic_ms()
        self._reader = reader = asyncio.current_task()
        try:
            return await anext(source, b"")
        except asyncio.CancelledError:
            # What interrupts a read may be somebody else, or somebody else as well.
            if not self._is_idle or reader is None or reader.uncancel():
                raise
            return b""
        finally:
            self._reader = None

    async def _watch(self) -> None:
        await self._noticed()
        if self._reader is not None:
            self._is_idle = True
            self._reader.cancel()

    async def _noticed(self) -> None:
        while True:
            watched, ended = self._reads, self._ended.is_set()
            limit_ms = self._draining_ms if ended else self._idle_ms
            waited_ms = self._clock.monotonic_ms() - self._since_ms if self._reader is not None else 0.0
            await self._sleep_or_end(max(0.0, limit_ms - waited_ms), ended)
            if self._reader is not None and self._reads == watched and self._ended.is_set() == ended:
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
