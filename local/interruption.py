"""Ctrl-C, SIGTERM or a closed terminal: the first one ends everything in order, however far the start had come; later
ones change nothing.

asyncio's own way cancels the task, but not the thread in which a start is under way: what that thread starts next
would be left behind.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

EXIT_CODES = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}


class Interrupted(BaseException):
    """Somebody wants this to end. ``exit_code`` is the shell's: 128 and the signal's number."""

    def __init__(self, exit_code: int = 130) -> None:
        super().__init__("interrupted")
        self.exit_code = exit_code


class Interruption:
    """Given to a thread that prepares: ``check`` between steps, ``ends`` for what a step waits for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._raised = False
        self._ends: list[Callable[[], None]] = []

    def check(self) -> None:
        """Raises Interrupted."""
        if self._raised:
            raise Interrupted

    def ends(self, stop: Callable[[], None]) -> None:
        """Have ``stop`` called upon an interruption: at once, when it has come already."""
        with self._lock:
            self._ends.append(stop)
            raised = self._raised
        if raised:
            stop()

    def interrupt(self) -> None:
        with self._lock:
            self._raised = True
            ends = list(self._ends)
        for stop in ends:
            stop()


@contextmanager
def ended_in_order() -> Iterator[None]:
    """For a main function without ``run_interruptibly``: the first signal is a KeyboardInterrupt, and SystemExit with
    the shell's code once everything has ended; later ones change nothing. Only in the main thread."""
    came: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if len(came) == 1:
            raise KeyboardInterrupt

    try:
        with _handled_by(interrupt):
            yield
    except KeyboardInterrupt:
        raise SystemExit(EXIT_CODES[signal.Signals(came[0])] if came else EXIT_CODES[signal.SIGINT]) from None


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """What nohup has SIGHUP do stays done."""
    ignored = {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else set()
    before = {number: signal.signal(number, handler) for number in EXIT_CODES.keys() - ignored}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def run_interruptibly(main: Coroutine[Any, Any, None]) -> None:
    """``asyncio.run`` that waits for the orderly end. Raises Interrupted after it. Only from the main thread."""
    came: list[int] = []

    async def cancellable() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def interrupt(number: int, frame: FrameType | None) -> None:
            if not came:
                loop.call_soon_threadsafe(task.cancel)
            came.append(number)

        with _handled_by(interrupt):
            await main

    with suppress(asyncio.CancelledError):
        asyncio.run(cancellable())
    if came:
        raise Interrupted(EXIT_CODES[signal.Signals(came[0])])
