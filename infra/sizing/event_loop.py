"""A small discrete-event simulation: processes that wait, in an order that nothing but their times decides."""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import TypeVar

Result = TypeVar("Result")
Part = Generator["float | Waiting", None, Result]
"""Yields milliseconds to wait, or a Waiting that somebody else ends; a part of a process may answer something."""
Process = Part[None]
Draw = Callable[[], float]
"""One value of a distribution."""


class Waiting:
    """Until ``resume`` is called. Once."""

    __slots__ = ("_loop", "_process", "is_over")

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop
        self._process: Process | None = None
        self.is_over = False

    def resume(self) -> None:
        self.is_over = True
        if self._process is not None:
            self._loop.later(0.0, self._process)

    def held_by(self, process: Process) -> None:
        if self.is_over:
            self._loop.later(0.0, process)
        else:
            self._process = process


class EventLoop:
    """``now_ms`` begins at nothing."""

    def __init__(self) -> None:
        self.now_ms = 0.0
        self._due: list[tuple[float, int, Process]] = []
        self._number = 0

    def later(self, after_ms: float, process: Process) -> None:
        self._number += 1
        heappush(self._due, (self.now_ms + after_ms, self._number, process))

    def run(self) -> None:
        """Until nothing is left to do."""
        while self._due:
            self.now_ms, _, process = heappop(self._due)
            try:
                asked = next(process)
            except StopIteration:
                continue
            if isinstance(asked, Waiting):
                asked.held_by(process)
            else:
                self.later(asked, process)

    def all_of(self, processes: list[Process]) -> Waiting:
        """Ends when the last of them has."""
        left, over = len(processes), Waiting(self)

        def counted(process: Process) -> Process:
            nonlocal left
            yield from process
            left -= 1
            if not left:
                over.resume()

        for each in processes:
            self.later(0.0, counted(each))
        return over
