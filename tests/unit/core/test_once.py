from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from sotto.core.once import once
from sotto.wiring.process import logger

THREADS = 8


def test_threads_that_ask_at_the_same_time_share_what_one_of_them_built() -> None:
    all_ask, built = Barrier(THREADS + 1), list[object]()
    under_way, may_end = Event(), Event()

    @once
    def slow() -> object:
        under_way.set()
        may_end.wait(10)
        built.append(object())
        return built[-1]

    def ask() -> object:
        all_ask.wait(10)
        return slow()

    with ThreadPoolExecutor(THREADS) as side:
        asked = [side.submit(ask) for _ in range(THREADS)]
        all_ask.wait(10)
        under_way.wait(10)
        may_end.set()
    assert {id(each.result()) for each in asked} == {id(built[0])}
    assert len(built) == 1


def test_each_argument_has_its_own() -> None:
    @once
    def named(name: str) -> list[str]:
        return [name]

    assert named("a") is named("a")
    assert named("a") is not named("b")


def test_what_failed_is_built_again() -> None:
    tries = list[int]()

    @once
    def second_time() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("no credentials yet")
        return len(tries)

    with pytest.raises(ValueError, match="no credentials"):
        second_time()
    assert second_time() == 2


def test_forgotten_it_is_built_anew() -> None:
    @once
    def made() -> object:
        return object()

    before = made()
    made.cache_clear()
    assert made() is not before


def test_a_builder_may_use_another() -> None:
    @once
    def inner() -> int:
        return 1

    @once
    def outer() -> int:
        return inner() + 1

    assert outer() == 2


def test_a_logger_is_set_up_once_however_many_threads_ask() -> None:
    """Powertools reads the first handler's formatter, and another thread may have added a handler that has none yet."""
    logger.cache_clear()
    all_ask = Barrier(THREADS)

    def ask(name: str) -> object:
        all_ask.wait(10)
        return logger(name)

    with ThreadPoolExecutor(THREADS) as side:
        for turn in range(50):
            service = f"asked-at-once-{turn}"
            assert len({id(each) for each in side.map(ask, [service] * THREADS)}) == 1
            assert len(logging.getLogger(service).handlers) == 1
