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


class _TenantQueue(Generic[T]):
    def __init__(self) -> None:
        self.waiting: deque[tuple[float, T]] = deque()
        self.credit = 0.0


class FairQueue(Generic[T]):
    """Bounded in total and for each tenant, so that one tenant cannot fill it."""

    def __init__(self, *, quantum: float, most: int = 256, most_a_tenant: int | None = None) -> None:
        self._quantum = quantum
        self._most = most
        self._most_a_tenant = most_a_tenant or max(1, most // 2)
        self._queues: OrderedDict[str, _TenantQueue[T]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return (item for queue in self._queues.values() for _, item in queue.waiting)

    def put(self, tenant: str, item: T, *, cost: float = 1.0) -> None:
        """Raises Full."""
        queue = self._queues.get(tenant)
        if self._count >= self._most or (queue is not None and len(queue.waiting) >= self._most_a_tenant):
            raise Full
        if queue is None:
            queue = self._queues[tenant] = _TenantQueue()
        queue.waiting.append((cost, item))
        self._count += 1

    def take(self, most: int) -> list[T]:
        """At most ``most`` items, in the order of turns."""
        taken: list[T] = []
        while self._count and len(taken) < most:
            tenant, queue = next(iter(self._queues.items()))
            if queue.waiting[0][0] > queue.credit:
                queue.credit += self._quantum
            self._serve(queue, taken, most)
            if not queue.waiting:
                del self._queues[tenant]
            elif len(taken) < most:
                self._queues.move_to_end(tenant)
        return taken

    def remove(self, item: T) -> None:
        """Somebody gave up."""
        for tenant, queue in list(self._queues.items()):
            kept = deque(entry for entry in queue.waiting if entry[1] is not item)
            self._count -= len(queue.waiting) - len(kept)
            queue.waiting = kept
            if not kept:
                del self._queues[tenant]

    def _serve(self, queue: _TenantQueue[T], taken: list[T], most: int) -> None:
        while queue.waiting and len(taken) < most and queue.waiting[0][0] <= queue.credit:
            cost, item = queue.waiting.popleft()
            queue.credit -= cost
            taken.append(item)
            self._count -= 1
