"""Lambda and a SageMaker endpoint as the simulation of a round has them: what is limited, and what happens then."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heapify, heapreplace

from infra.sizing.event_loop import Draw, EventLoop, Process
from infra.sizing.hops import IDLE_MS, NEW_ENVIRONMENTS_A_SECOND


class Start(StrEnum):
    """How new environments of a function come to be."""

    PLAIN = "plain"
    SNAP_START = "SnapStart"
    SNAP_BUILT = "SnapStart, ports built before the snapshot"
    PROVISIONED = "provisioned concurrency"


class Throttled(Exception):
    """Lambda answered 429: no execution is left, or environments cannot be made fast enough."""


@dataclass(slots=True)
class Account:
    """``most``: executions at once that the region's functions share, beside what is reserved for others."""

    most: int
    running: int = 0


@dataclass(slots=True)
class Function:
    """Environments of one function. ``provisioned``: environments that stand ready. ``cold_ms``: what a new one takes
    before its first event; ``first_ms``: what its first event takes more."""

    loop: EventLoop
    account: Account
    cold_ms: Draw
    first_ms: float
    gb: float
    provisioned: int = 0
    invoked: int = 0
    cold: int = 0
    throttled: int = 0
    gb_s: float = 0.0
    _standing: int = 0
    _idle: deque[float] = field(default_factory=deque)
    """Since when each idle environment has been idle. The latest is taken first, so that the oldest end."""
    _new_allowed: float = 10 * NEW_ENVIRONMENTS_A_SECOND
    _refilled_ms: float = 0.0

    def __post_init__(self) -> None:
        self._standing = self.provisioned

    def begin(self) -> tuple[float, float]:
        """What comes before the handler's first line, and what its own time grows by. Raises Throttled."""
        if self.account.running >= self.account.most:
            self.throttled += 1
            raise Throttled
        cold_ms, first_ms = 0.0, 0.0
        if not self._take_idle():
            self._allow_new()
            cold_ms, first_ms = self.cold_ms(), self.first_ms
            self.cold += 1
        self.account.running += 1
        self.invoked += 1
        return cold_ms, first_ms

    def end(self, ran_ms: float) -> None:
        self.account.running -= 1
        self.gb_s += ran_ms / 1000 * self.gb
        if self._standing < self.provisioned:
            self._standing += 1
        else:
            self._idle.append(self.loop.now_ms)

    def _take_idle(self) -> bool:
        if self._standing:
            self._standing -= 1
            return True
        while self._idle and self._idle[0] < self.loop.now_ms - IDLE_MS:
            self._idle.popleft()
        if not self._idle:
            return False
        self._idle.pop()
        return True

    def _allow_new(self) -> None:
        """Raises Throttled."""
        now_ms = self.loop.now_ms
        earned = (now_ms - self._refilled_ms) / 1000 * NEW_ENVIRONMENTS_A_SECOND
        self._new_allowed = min(10 * NEW_ENVIRONMENTS_A_SECOND, self._new_allowed + earned)
        self._refilled_ms = now_ms
        if self._new_allowed < 1:
            self.throttled += 1
            raise Throttled
        self._new_allowed -= 1


class Endpoint:
    """Instances of a shard, each of which computes one pass at a time; a request goes to the one with the fewest
    (``routing_strategy`` in infra/capabilities/hosting.py). Batches, which make a queue shorter, are left out."""

    def __init__(self, loop: EventLoop, instances: int) -> None:
        self._loop = loop
        self._free_at_ms = [0.0] * instances
        heapify(self._free_at_ms)
        self.requests = 0
        self.busy_ms = 0.0

    def asked(self, around_ms: float, pass_ms: float) -> Process:
        """``around_ms``: what SageMaker and the network take beside the pass."""
        yield around_ms
        now_ms = self._loop.now_ms
        over_ms = max(now_ms, self._free_at_ms[0]) + pass_ms
        heapreplace(self._free_at_ms, over_ms)
        self.requests += 1
        self.busy_ms += pass_ms
        yield over_ms - now_ms
