"""Passes shared by calls: what waits when a worker is free goes together, and nothing is kept back for more to come.

Finals go before interims: a busy machine falls behind in interims. What asks is a thread for each channel, so that as
much waits as there are channels, and no more.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from sotto.core.clock import Clock

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class BatcherClosed(RuntimeError):
    """The container ends."""


@dataclass(slots=True)
class _Waiting(Generic[Asked, Answer]):
    asked: Asked
    since_ms: float
    answer: Future[Answer]


class Batcher(Generic[Asked, Answer]):
    """``run``: one pass over readings of one kind, called in ``workers`` threads. ``kind_of``: what may share a pass;
    ``is_urgent``: what goes first. ``most``: readings a pass."""

    def __init__(
        self,
        run: Callable[[Sequence[Asked]], Sequence[Answer]],
        *,
        kind_of: Callable[[Asked], Hashable],
        is_urgent: Callable[[Asked], bool],
        clock: Clock,
        most: int,
        workers: int = 1,
    ) -> None:
        self._run = run
        self._kind_of = kind_of
        self._is_urgent = is_urgent
        self._clock = clock
        self._most = most
        self._changed = threading.Condition()
        self._waiting: deque[_Waiting[Asked, Answer]] = deque()
        self._running: dict[int, float] = {}
        self._closed = False
        self.passes = 0
        self.readings = 0
        self._threads = [
            threading.Thread(target=self._work, args=(n,), name=f"pass-{n}", daemon=True) for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, asked: Asked) -> Answer:
        """Waits for its pass. Raises what the pass raised, or BatcherClosed."""
        waiting: _Waiting[Asked, Answer] = _Waiting(asked, self._clock.monotonic_ms(), Future())
        with self._changed:
            if self._closed:
                raise BatcherClosed
            self._waiting.append(waiting)
            self._changed.notify()
        return waiting.answer.result()

    @property
    def behind_ms(self) -> float:
        with self._changed:
            first = min((each.since_ms for each in self._waiting), default=None)
        return 0.0 if first is None else self._clock.monotonic_ms() - first

    @property
    def running_ms(self) -> float:
        with self._changed:
            first = min(self._running.values(), default=None)
        return 0.0 if first is None else self._clock.monotonic_ms() - first

    @property
    def broken(self) -> bool:
        return any(not thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """What waits is refused; passes that run come to their end."""
        with self._changed:
            self._closed = True
            refused, self._waiting = self._waiting, deque()
            self._changed.notify_all()
        for each in refused:
            each.answer.set_exception(BatcherClosed())
        for thread in self._threads:
            thread.join()

    def _work(self, worker: int) -> None:
        while batch := self._next(worker):
            try:
                answers = self._run([each.asked for each in batch])
                for each, answer in zip(batch, answers, strict=True):
                    each.answer.set_result(answer)
            except Exception as error:
                # A pass that fails fails those who asked, each of whom ends its session; the next pass is another.
                for each in batch:
                    if not each.answer.done():
                        each.answer.set_exception(error)
            finally:
                with self._changed:
                    self._running.pop(worker, None)

    def _next(self, worker: int) -> list[_Waiting[Asked, Answer]]:
        """Empty when it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return []
            first = next((each for each in self._waiting if self._is_urgent(each.asked)), self._waiting[0])
            kind = self._kind_of(first.asked)
            batch = [each for each in self._waiting if self._kind_of(each.asked) == kind][: self._most]
            chosen = set(map(id, batch))
            self._waiting = deque(each for each in self._waiting if id(each) not in chosen)
            self._running[worker] = self._clock.monotonic_ms()
            self.passes += 1
            self.readings += len(batch)
            return batch
