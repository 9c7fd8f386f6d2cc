"""Time that passes only when somebody waits for it, or turns it."""

from __future__ import annotations

import asyncio

STARTED_MS = 1_700_000_000_000.0
"""Unix epoch."""


class TurnedClock:
    """A Clock. Whoever waits is woken at once, later by as much; those who wait at the same time wait in turn."""

    def __init__(self) -> None:
        self.time_ms = 0.0
        self.waits_ms: list[float] = []

    def now_ms(self) -> float:
        return STARTED_MS + self.time_ms

    def monotonic_ms(self) -> float:
        return self.time_ms

    async def sleep_ms(self, duration_ms: float) -> None:
        self.waits_ms.append(duration_ms)
        self.pass_ms(duration_ms)
        await asyncio.sleep(0)

    def pass_ms(self, duration_ms: float) -> None:
        self.time_ms += max(0.0, duration_ms)
