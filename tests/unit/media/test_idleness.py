"""Unit tests: a read that waits too long is interrupted, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from local.simulation.virtual_time import VirtualClock, run_virtually
from sotto.media.idleness import Idleness

IDLE_MS, DRAINING_MS = 30_000, 3_000


async def pieces(*after_s: float) -> AsyncIterator[bytes]:
    for number, seconds in enumerate(after_s):
        await asyncio.sleep(seconds)
        yield bytes([number])
    await asyncio.Event().wait()


async def read(source: AsyncIterator[bytes], ended: asyncio.Event, *, slowly_s: float = 0) -> tuple[list[int], float]:
    """What came, and the second at which reading ended."""
    found = []
    async for piece in Idleness(VirtualClock(), IDLE_MS, DRAINING_MS, ended).until_idle(source):
        found.append(piece[0])
        await asyncio.sleep(slowly_s)
    return found, asyncio.get_running_loop().time()


def test_a_read_that_waits_too_long_ends_the_reading() -> None:
    assert run_virtually(lambda: read(pieces(1, 29, 29), asyncio.Event())) == ([0, 1, 2], 89.0)


def test_the_time_that_the_taker_needs_does_not_count() -> None:
    assert run_virtually(lambda: read(pieces(1, 1), asyncio.Event(), slowly_s=100))[0] == [0, 1]


def test_once_the_contact_is_over_patience_is_short() -> None:
    async def main() -> tuple[list[int], float]:
        ended = asyncio.Event()
        asyncio.get_running_loop().call_later(2, ended.set)
        return await read(pieces(1), ended)

    assert run_virtually(main) == ([0], 4.0)


def test_who_is_idle_is_not_cancelled_afterwards() -> None:
    async def main() -> float:
        await read(pieces(1), asyncio.Event())
        task = asyncio.current_task()
        assert task is not None and task.cancelling() == 0
        await asyncio.sleep(5)
        return asyncio.get_running_loop().time()

    assert run_virtually(main) == 36.0


@pytest.mark.parametrize("at_s", [3.0, 31.0])
def test_a_cancellation_from_outside_is_never_taken_for_idleness(at_s: float) -> None:
    async def main() -> bool:
        reading = asyncio.ensure_future(read(pieces(1), asyncio.Event()))
        asyncio.get_running_loop().call_later(at_s, reading.cancel)
        await asyncio.wait({reading})
        return reading.cancelled()

    assert run_virtually(main)
