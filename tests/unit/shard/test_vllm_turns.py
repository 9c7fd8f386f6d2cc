"""Unit: texts with and without an adapter take turns on vLLM, and adapters share its slots.

The engine itself: tests/contract/shard/test_vllm_engine.py.
"""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from model_containers.shard.decoder.engine import TooLate
from model_containers.shard.decoder.vllm.turns import Places, Turns
from model_containers.shard.protocol.errors import NoRoom

FAR_S = 60.0


async def test_the_two_kinds_never_run_together_and_everybody_has_a_turn() -> None:
    turns, running, together, done = Turns(), set[tuple[bool, int]](), 0, 0

    async def write(adapted: bool, number: int) -> None:
        nonlocal together, done
        async with turns.of(adapted, FAR_S):
            running.add((adapted, number))
            for _ in range(number % 4):
                await asyncio.sleep(0)
                assert len({kind for kind, _ in running}) == 1
                together = max(together, len(running))
            running.remove((adapted, number))
            done += 1

    async with asyncio.TaskGroup() as tasks:
        for number in range(60):
            tasks.create_task(write(number % 3 > 0, number))
    assert done == 60 and together > 5


async def test_who_waits_is_not_overtaken_for_ever() -> None:
    turns, order = Turns(), list[str]()

    async def write(name: str, adapted: bool) -> None:
        async with turns.of(adapted, FAR_S):
            order.append(name)

    async with asyncio.TaskGroup() as tasks, turns.of(True, FAR_S):
        tasks.create_task(write("base", False))
        await asyncio.sleep(0)
        tasks.create_task(write("adapted", True))
        await asyncio.sleep(0)
        assert order == []
    assert order == ["base", "adapted"]


async def test_whose_turn_does_not_come_in_time_is_refused_and_holds_up_nobody() -> None:
    turns = Turns()
    async with turns.of(True, FAR_S):
        with pytest.raises(TooLate):
            async with turns.of(False, 0.0):
                raise AssertionError("it is not its turn")
        async with turns.of(True, FAR_S):
            pass


async def test_no_more_adapters_are_written_with_than_have_a_slot_beside_the_pinned() -> None:
    places, writing, most, done = Places(3), Counter[str](), 0, 0
    async with places.held("pinned", FAR_S):
        places.pin("pinned")

    async def write(number: int) -> None:
        nonlocal most, done
        url = "pinned" if number % 7 == 0 else f"a{number % 5}"
        async with places.held(url, FAR_S):
            writing[url] += 1
            for _ in range(number % 4):
                await asyncio.sleep(0)
                most = max(most, len({"pinned", *(+writing)}))
            writing[url] -= 1
            done += 1

    async with asyncio.TaskGroup() as tasks:
        for number in range(80):
            tasks.create_task(write(number))
    assert (most, done) == (3, 80)


async def test_who_waits_for_a_slot_is_not_overtaken_and_pinned_adapters_do_not_wait() -> None:
    places, order = Places(2), list[str]()

    async def write(url: str) -> None:
        async with places.held(url, FAR_S):
            order.append(url)

    async with places.held("pinned", FAR_S):
        places.pin("pinned")
    async with asyncio.TaskGroup() as tasks, places.held("first", FAR_S):
        for url in ("second", "first", "pinned"):
            tasks.create_task(write(url))
            await asyncio.sleep(0)
        assert order == ["pinned"]
        with pytest.raises(TooLate):
            async with places.held("third", 0.0):
                raise AssertionError("it has no slot")
    assert order == ["pinned", "second", "first"]


async def test_one_slot_is_never_pinned_and_an_unpinned_one_serves_who_waits() -> None:
    places = Places(2)
    async with places.held("a", FAR_S), places.held("b", FAR_S):
        places.pin("a")
        with pytest.raises(NoRoom, match="unpin one first"):
            places.pin("b")
        waiting = asyncio.create_task(_held_once(places, "c"))
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting
    places.unpin("a")
    async with places.held("b", 0.0), places.held("c", 0.0):
        places.pin("b")
    with pytest.raises(NoRoom, match="SOTTO_VLLM_ARGUMENTS"):
        await _held_once(Places(0), "a")


async def test_who_gives_up_waiting_takes_no_slot() -> None:
    places = Places(1)
    async with places.held("a", FAR_S):
        waiting = [asyncio.create_task(_held_once(places, url)) for url in ("b", "c")]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.wait([waiting[0]])
        assert not waiting[1].done()
    await waiting[1]
    await _held_once(places, "d")


async def _held_once(places: Places, url: str) -> None:
    async with places.held(url, FAR_S):
        pass
