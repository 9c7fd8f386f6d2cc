"""Time that passes only when somebody waits for it."""

from __future__ import annotations

import asyncio


class TurnedClock:
    def __init__(self) -> None:
        self.time_ms = 0.0
        self.waits_ms: list[float] = []

    def now_ms(self) -> float:
        return self.time_ms

    def monotonic_ms(self) -> float:
        return self.time_ms

    async def sleep_ms(self, duration_ms: float) -> None:
        self.waits_ms.append(duration_ms)
        self.time_ms += duration_ms
        await asyncio.sleep(0)
