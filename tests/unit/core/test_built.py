from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from sotto.core.built import Builds, built, built_per_name
from sotto.wiring.sotto import Sotto

THREADS = 8


def test_threads_that_ask_at_the_same_time_share_what_one_of_them_built() -> None:
    all_ask, made = Barrier(THREADS + 1), list[object]()
    under_way, may_end = Event(), Event()

    class Slow(Builds):
        @built
        def part(self) -> object:
            under_way.set()
            may_end.wait(10)
            made.append(object())
            return made[-1]

    slow = Slow()

    def ask() -> object:
        all_ask.wait(10)
        return slow.part

    with ThreadPoolExecutor(THREADS) as side:
        asked = [side.submit(ask) for _ in range(THREADS)]
        all_ask.wait(10)
        under_way.wait(10)
        may_end.set()
    assert {id(each.result()) for each in asked} == {id(made[0])}
    assert len(made) == 1


class Parts(Builds):
    @built_per_name
    def named(self, name: str) -> list[str]:
        return [name]

    @built
    def inner(self) -> int:
        return 1

    @built
    def outer(self) -> int:
        return self.inner + 1

    @built
    def nothing(self) -> None:
        return None


def test_each_name_has_its_own() -> None:
    parts = Parts()
    assert parts.named("a") is parts.named("a")
    assert parts.named("a") is not parts.named("b")


def test_what_failed_is_built_again() -> None:
    tries = list[int]()

    class SecondTime(Builds):
        @built
        def part(self) -> int:
            tries.append(1)
            if len(tries) == 1:
                raise ValueError("no credentials yet")
            return len(tries)

    second_time = SecondTime()
    with pytest.raises(ValueError, match="no credentials"):
        _ = second_time.part
    assert second_time.part == 2


def test_two_objects_share_nothing() -> None:
    assert Parts().named("a") is not Parts().named("a")


def test_a_builder_may_use_another() -> None:
    assert Parts().outer == 2


def test_nothing_is_something_that_was_built() -> None:
    assert Parts().nothing is None


def test_what_is_given_is_not_built_and_those_who_use_it_get_it() -> None:
    assert Parts(inner=10).outer == 11


def test_what_is_given_per_name_is_asked_once_for_each() -> None:
    asked = list[str]()

    def given(name: str) -> list[str]:
        asked.append(name)
        return [name]

    parts = Parts(named=given)
    assert parts.named("a") is parts.named("a")
    assert asked == ["a"]


def test_a_name_that_nothing_has_is_refused() -> None:
    with pytest.raises(TypeError, match="Parts builds no iner"):
        Parts(iner=10)


def test_a_logger_is_set_up_once_however_many_threads_ask() -> None:
    """Powertools reads the first handler's formatter, and another thread may have added a handler that has none yet."""
    all_ask = Barrier(THREADS)
    processes = [Sotto.of({}) for _ in range(THREADS)]

    def ask(sotto: Sotto, name: str) -> object:
        all_ask.wait(10)
        return sotto.logger(name)

    with ThreadPoolExecutor(THREADS) as side:
        for turn in range(50):
            service = f"asked-at-once-{turn}"
            list(side.map(ask, processes, [service] * THREADS))
            assert len(logging.getLogger(service).handlers) == 1
