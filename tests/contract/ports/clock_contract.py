"""What every clock must do, as a class of tests to inherit. A subclass gives ``clock`` and ``passing``, which makes so
many milliseconds of its time pass while somebody sleeps (fixtures)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from sotto.core.clock import Clock

Passing = Callable[[float], Awaitable[None]]
A_WHILE_MS = 20.0
SLACK_MS = 0.5
"""Between two clocks of one machine."""


async def slept(clock: Clock, passing: Passing, duration_ms: float) -> float:
    """How much of the clock's time went by."""
    before_ms = clock.monotonic_ms()
    sleeping = asyncio.ensure_future(clock.sleep_ms(duration_ms))
    await asyncio.sleep(0)
    await passing(duration_ms)
    await asyncio.wait_for(sleeping, 10)
    return clock.monotonic_ms() - before_ms


class ClockContract:
    async def test_who_sleeps_wakes_when_the_time_has_passed(self, clock: Clock, passing: Passing) -> None:
        assert await slept(clock, passing, A_WHILE_MS) >= A_WHILE_MS - SLACK_MS

    async def test_both_times_go_by_alike(self, clock: Clock, passing: Passing) -> None:
        before_ms = clock.now_ms()
        passed_ms = await slept(clock, passing, A_WHILE_MS)
        assert clock.now_ms() - before_ms == pytest.approx(passed_ms, abs=20.0)

    async def test_time_never_goes_back(self, clock: Clock, passing: Passing) -> None:
        for duration_ms in (1.0, 0.0, -5.0):
            assert await slept(clock, passing, duration_ms) >= 0

    @pytest.mark.parametrize("duration_ms", [0.0, -1.0])
    async def test_no_time_at_all_is_slept_at_once(self, clock: Clock, duration_ms: float) -> None:
        await asyncio.wait_for(clock.sleep_ms(duration_ms), 10)

    async def test_who_sleeps_lets_the_others_work(self, clock: Clock, passing: Passing) -> None:
        worked: list[bool] = []
        asyncio.get_running_loop().call_soon(worked.append, True)
        await slept(clock, passing, 1.0)
        assert worked

    async def test_a_sleeper_that_is_cancelled_wakes_nobody_and_holds_up_nobody(
        self, clock: Clock, passing: Passing
    ) -> None:
        cancelled = asyncio.ensure_future(clock.sleep_ms(A_WHILE_MS))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        assert await slept(clock, passing, A_WHILE_MS) >= A_WHILE_MS - SLACK_MS
