"""Whose turn it is: deficit round robin over tenants.

https://en.wikipedia.org/wiki/Deficit_round_robin: each tenant in turn gains a quantum of cost and is served while its
credit lasts, so a tenant that sends a thousand requests delays another by one quantum, not by a thousand requests.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Full(Exception):
    """More waits than can be served soon."""


class _Line(Generic[T]):
    def __init__(self) -> None:
        self.waiting: deque[tuple[float, T]] = deque()
        self.credit = 0.0


class FairQueue(Generic[T]):
    """Bounded in total and for each tenant, so that one tenant cannot fill it."""

    def __init__(self, *, quantum: float, most: int = 256, most_a_tenant: int | None = None) -> None:
        self._quantum = quantum
        self._most = most
        self._most_a_tenant = most_a_tenant or max(1, most // 2)
        self._lines: OrderedDict[str, _Line[T]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return (item for line in self._lines.values() for _, item in line.waiting)

    def put(self, tenant: str, item: T, *, cost: float = 1.0) -> None:
        """Raises Full."""
        line = self._lines.get(tenant)
        if self._count >= self._most or (line is not None and len(line.waiting) >= self._most_a_tenant):
            raise Full
        if line is None:
            line = self._lines[tenant] = _Line()
        line.waiting.append((cost, item))
        self._count += 1

    def take(self, most: int) -> list[T]:
        """At most ``most`` items, in the order of turns."""
        taken: list[T] = []
        while self._count and len(taken) < most:
            tenant, line = next(iter(self._lines.items()))
            if line.waiting[0][0] > line.credit:
                line.credit += self._quantum
            self._serve(line, taken, most)
            if not line.waiting:
                del self._lines[tenant]
            elif len(taken) < most:
                self._lines.move_to_end(tenant)
        return taken

    def remove(self, item: T) -> None:
        """Somebody gave up."""
        for tenant, line in list(self._lines.items()):
            kept = deque(entry for entry in line.waiting if entry[1] is not item)
            self._count -= len(line.waiting) - len(kept)
            line.waiting = kept
            if not kept:
                del self._lines[tenant]

    def _serve(self, line: _Line[T], taken: list[T], most: int) -> None:
        while line.waiting and len(taken) < most and line.waiting[0][0] <= line.credit:
            cost, item = line.waiting.popleft()
            line.credit -= cost
            taken.append(item)
            self._count -= 1
