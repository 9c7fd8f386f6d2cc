"""Passes shared by calls. Kind: threads that wait for each other, without a model."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from model_containers.recogniser.batching import Batcher, BatcherClosed
from sotto.core.clock import SystemClock
from tests.fakes.turned_clock import TurnedClock

Asked = tuple[str, int]


class Passes:
    """A pass waits until it is let go; what each was given is kept."""

    def __init__(self) -> None:
        self.given: list[list[Asked]] = []
        self.began = threading.Semaphore(0)
        self.let_go = threading.Semaphore(0)

    def run(self, batch: Sequence[Asked]) -> list[int]:
        self.given.append(list(batch))
        self.began.release()
        assert self.let_go.acquire(timeout=10)
        if any(number < 0 for _, number in batch):
            raise RuntimeError("the pass failed")
        return [10 * number for _, number in batch]


def batcher_of(passes: Passes, most: int = 4, clock: TurnedClock | None = None) -> Batcher[Asked, int]:
    return Batcher(
        passes.run,
        kind_of=lambda asked: asked[0],
        is_urgent=lambda asked: asked[0] == "final",
        clock=clock or SystemClock(),
        most=most,
    )


def waiting(batcher: Batcher[Asked, int], count: int) -> None:
    """Until so many wait."""
    while len(batcher._waiting) < count:
        threading.Event().wait(0.001)


def test_what_waits_goes_together_by_kind_and_finals_go_first() -> None:
    passes = Passes()
    batcher = batcher_of(passes)
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(batcher.ask, ("interim", 1))
        assert passes.began.acquire(timeout=10)
        others = []
        for count, asked in enumerate([("interim", 2), ("final", 3), ("interim", 4), ("final", 5)], 1):
            others.append(threads.submit(batcher.ask, asked))
            waiting(batcher, count)
        for _ in range(3):
            passes.let_go.release()
        assert [each.result(10) for each in (first, *others)] == [10, 20, 30, 40, 50]
    assert passes.given == [[("interim", 1)], [("final", 3), ("final", 5)], [("interim", 2), ("interim", 4)]]
    assert (batcher.passes, batcher.readings) == (3, 5)
    batcher.close()


def test_no_pass_is_larger_than_it_may_be() -> None:
    passes = Passes()
    batcher = batcher_of(passes, most=2)
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(batcher.ask, ("interim", 0))]
        assert passes.began.acquire(timeout=10)
        for count in range(1, 6):
            answers.append(threads.submit(batcher.ask, ("interim", count)))
            waiting(batcher, count)
        for _ in range(4):
            passes.let_go.release()
        assert [each.result(10) for each in answers] == [0, 10, 20, 30, 40, 50]
    assert [len(each) for each in passes.given] == [1, 2, 2, 1]
    batcher.close()


def test_a_pass_that_fails_fails_those_who_asked_and_the_next_is_another() -> None:
    passes = Passes()
    batcher = batcher_of(passes)
    passes.let_go.release(2)
    with ThreadPoolExecutor(1) as threads:
        with pytest.raises(RuntimeError, match="the pass failed"):
            threads.submit(batcher.ask, ("final", -1)).result(10)
        assert threads.submit(batcher.ask, ("final", 7)).result(10) == 70
    assert not batcher.broken
    batcher.close()


def test_it_says_how_long_what_waits_has_waited_and_how_long_a_pass_has_run() -> None:
    passes, clock = Passes(), TurnedClock()
    batcher = batcher_of(passes, clock=clock)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(batcher.ask, ("final", 1))
        assert passes.began.acquire(timeout=10)
        clock.pass_ms(40)
        second = threads.submit(batcher.ask, ("final", 2))
        waiting(batcher, 1)
        clock.pass_ms(60)
        assert (batcher.running_ms, batcher.behind_ms) == (100, 60)
        passes.let_go.release(2)
        assert (first.result(10), second.result(10)) == (10, 20)
    assert batcher.behind_ms == 0
    batcher.close()


def test_when_it_is_closed_what_waits_is_refused() -> None:
    passes = Passes()
    batcher = batcher_of(passes)
    with ThreadPoolExecutor(3) as threads:
        running = threads.submit(batcher.ask, ("final", 1))
        assert passes.began.acquire(timeout=10)
        late = threads.submit(batcher.ask, ("final", 2))
        waiting(batcher, 1)
        closing = threads.submit(batcher.close)
        with pytest.raises(BatcherClosed):
            late.result(10)
        passes.let_go.release()
        assert running.result(10) == 10
        closing.result(10)
    with pytest.raises(BatcherClosed):
        batcher.ask(("final", 3))
