"""An event loop whose time passes only when nothing is left to do, so that an hour of waiting takes no time.

``asyncio.to_thread`` runs its function on the loop, a little later: the same seed gives the same order of everything.
"""

from __future__ import annotations

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

EPOCH_MS = 1_726_677_688_000.0
THREAD_LATENCY_S = (0.002, 0.020)
"""About what a conditional write to DynamoDB takes."""


class NothingWillHappen(RuntimeError):
    """Everything waits and no timer is set: a deadlock, found instead of met."""


def run_virtually(main: Callable[[], Coroutine[Any, Any, T]], *, seed: int = 0) -> T:
    """Like ``asyncio.run``, in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(seed)) as runner:
        return runner.run(main())


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, seed: int = 0) -> None:
        self.now_s = 0.0
        self._chance = random.Random(seed)
        super().__init__(_NeverWaits(self))

    def time(self) -> float:
        return self.now_s

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        future = self.create_future()

        def run() -> None:
            # A thread goes on when the task that waits for it was cancelled; so does this.
            try:
                result = func(*args)
            except Exception as error:
                if not future.done():
                    future.set_exception(error)
            else:
                if not future.done():
                    future.set_result(result)

        self.call_later(self._chance.uniform(*THREAD_LATENCY_S), run)
        return future


class _NeverWaits(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise NothingWillHappen("every task waits for another one")
        if not ready and timeout:
            self._loop.now_s += timeout
        return ready


class VirtualClock:
    """The running loop's time."""

    def now_ms(self) -> float:
        return EPOCH_MS + self.monotonic_ms()

    def monotonic_ms(self) -> float:
        return asyncio.get_running_loop().time() * 1000

    async def sleep_ms(self, duration_ms: float) -> None:
        await asyncio.sleep(duration_ms / 1000)
