"""Contract tests: the system's time, and the times that tests turn."""

from __future__ import annotations

import asyncio

import pytest

from local.simulation.virtual_time import VirtualClock
from sotto.core.clock import Clock, SystemClock
from tests.contract.ports.clock_contract import ClockContract, Passing
from tests.fakes.clock import ClockByHand
from tests.fakes.turned_clock import TurnedClock


class PassesByItself:
    @pytest.fixture
    def passing(self) -> Passing:
        async def passing(duration_ms: float) -> None: ...

        return passing


class TestSystemClock(PassesByItself, ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()


class TestVirtualClock(PassesByItself, ClockContract):
    """On a loop whose time is not virtual; on one that is: tests/unit/transcription."""

    @pytest.fixture
    def clock(self) -> Clock:
        return VirtualClock()


class TestTurnedClock(PassesByItself, ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return TurnedClock()


class TestClockByHand(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return ClockByHand(1_790_000_000_000)

    @pytest.fixture
    def passing(self, clock: ClockByHand) -> Passing:
        async def passing(duration_ms: float) -> None:
            clock.advance(max(0.0, duration_ms))
            await asyncio.sleep(0)

        return passing


async def test_by_hand_the_first_that_is_due_wakes_first() -> None:
    clock, woken = ClockByHand(0), list[int]()

    async def sleeper(duration_ms: int) -> None:
        await clock.sleep_ms(duration_ms)
        woken.append(duration_ms)

    async with asyncio.TaskGroup() as tasks:
        for duration_ms in (30, 10, 20):
            tasks.create_task(sleeper(duration_ms))
        await asyncio.sleep(0)
        clock.advance(30)
    assert woken == [10, 20, 30]
