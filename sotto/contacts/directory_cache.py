"""What the directory said lately, so that a contact event asks the table once and a desktop's request hardly ever."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from sotto.contacts.directory import Directory, DirectoryAgent
from sotto.core.clock import Clock

KNOWN_FOR_MS = 60_000
UNKNOWN_FOR_MS = 10_000
"""Somebody new is looked for again soon."""
MOST = 10_000
T = TypeVar("T")


class CachedDirectory:
    """A Directory. May be shared by threads. What changes is noticed after ``known_for_ms``."""

    def __init__(self, directory: Directory, clock: Clock, *, known_for_ms: float = KNOWN_FOR_MS) -> None:
        self._directory = directory
        self._clock = clock
        self._known_for_ms = known_for_ms
        self._known: OrderedDict[tuple[str, ...], tuple[float, Any]] = OrderedDict()
        self._lock = Lock()

    def queue_name(self, tenant: str, queue_arn: str) -> str | None:
        return self._cached(("queue", tenant, queue_arn), lambda: self._directory.queue_name(tenant, queue_arn))

    def agent(self, tenant: str, agent_id: str) -> DirectoryAgent | None:
        return self._cached(("agent", tenant, agent_id), lambda: self._directory.agent(tenant, agent_id))

    def agent_called(self, tenant: str, username: str) -> DirectoryAgent | None:
        return self._cached(("username", tenant, username), lambda: self._directory.agent_called(tenant, username))

    def _cached(self, key: tuple[str, ...], asked: Callable[[], T | None]) -> T | None:
        now_ms = self._clock.monotonic_ms()
        with self._lock:
            until_ms, known = self._known.get(key, (0.0, None))
        if now_ms < until_ms:
            return known  # type: ignore[no-any-return]
        found = asked()
        with self._lock:
            for_ms = self._known_for_ms if found is not None else min(self._known_for_ms, UNKNOWN_FOR_MS)
            self._known[key] = (now_ms + for_ms, found)
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found
