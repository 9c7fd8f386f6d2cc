"""Unit: texts with and without an adapter take turns on vLLM. The engine: tests/contract/shard/test_vllm_engine.py."""

from __future__ import annotations

import asyncio

import pytest

from model_containers.shard.generation.engine import TooLate
from model_containers.shard.generation.vllm_engine import _Turns

FAR_S = 60.0


async def test_the_two_kinds_never_run_together_and_everybody_has_a_turn() -> None:
    turns, running, together, done = _Turns(), set[tuple[bool, int]](), 0, 0

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
    turns, order = _Turns(), list[str]()

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


async def test_whose_turn_does_not_come_in_time_is_told_and_holds_up_nobody() -> None:
    turns = _Turns()
    async with turns.of(True, FAR_S):
        with pytest.raises(TooLate):
            async with turns.of(False, 0.0):
                raise AssertionError("it is not its turn")
        async with turns.of(True, FAR_S):
            pass
