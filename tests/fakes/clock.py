"""A clock that tests turn by hand."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count


class ClockByHand:
    """A Clock. ``advance`` wakes whoever sleeps until then, in order of time."""

    def __init__(self, now_ms: float) -> None:
        self._now_ms = now_ms
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def now_ms(self) -> float:
        return self._now_ms

    def monotonic_ms(self) -> float:
        return self._now_ms

    async def sleep_ms(self, duration_ms: float) -> None:
        if duration_ms <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now_ms + duration_ms, next(self._order), woken))
        await woken

    def advance(self, duration_ms: float) -> None:
        self._now_ms += duration_ms
        while self._sleepers and self._sleepers[0][0] <= self._now_ms:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)
