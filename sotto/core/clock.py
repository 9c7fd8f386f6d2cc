"""Time as a port: production reads the system's clocks, tests turn a virtual one by hand."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Where the system learns what time it is and how it waits."""

    def now_ms(self) -> float:
        """Milliseconds since the Unix epoch."""
        ...

    def monotonic_ms(self) -> float:
        """Milliseconds on a clock that never goes back; for durations and deadlines."""
        ...

    async def sleep_ms(self, duration_ms: float) -> None:
        """Wait for ``duration_ms`` of this clock's time."""
        ...


class SystemClock:
    def now_ms(self) -> float:
        return time.time() * 1000

    def monotonic_ms(self) -> float:
        return time.monotonic() * 1000

    async def sleep_ms(self, duration_ms: float) -> None:
        await asyncio.sleep(duration_ms / 1000)
