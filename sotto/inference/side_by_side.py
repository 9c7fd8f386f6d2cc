"""Jobs that run beside each other in threads, and the jobs that those leave behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from sotto.graph.node import NodeCall, NodeResult, NodeStatus

MOST_AT_ONCE = 40
"""As many as nodes in a wave. More wait; none is refused."""

Job = Callable[[], Iterable["Job"]]
"""Does its part and says what has to be done after it. Must not raise."""


Route = Callable[[NodeCall], NodeResult]


class SideBySide(Protocol):
    def run(self, jobs: Iterable[Job]) -> None:
        """Returns when all jobs have ended, and all that they left behind. A job waits for no other."""
        ...


class Threads:
    """SideBySide. A job that is alone runs where it is called: most waves are one request."""

    def __init__(self, most: int = MOST_AT_ONCE, *, name: str) -> None:
        self._pool = ThreadPoolExecutor(most, thread_name_prefix=name)

    def run(self, jobs: Iterable[Job]) -> None:
        ready, running = list(jobs), set[Future[list[Job]]]()
        while ready or running:
            if len(ready) == 1 and not running:
                ready = _done(ready[0])
                continue
            running |= {self._pool.submit(_done, job) for job in ready}
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            ready = [job for each in ended for job in each.result()]


def _done(job: Job) -> list[Job]:
    """A job may be a generator, which does its part while it is read."""
    return list(job())


def routing(route: Route, call: NodeCall, results: list[NodeResult], place: int) -> Job:
    """The job that puts one call's result in its place. A defect on its way costs this node alone."""

    def job() -> Iterable[Job]:
        try:
            results[place] = route(call)
        except Exception as error:
            results[place] = failed(call, type(error).__name__)
        return ()

    return job


def failed(call: NodeCall, reason: str) -> NodeResult:
    return NodeResult(call.node.id, call.node.task, NodeStatus.FAILED, reason=reason)
