"""A circuit breaker per endpoint or provider: after repeated failures it answers at once instead of waiting for it.

Powertools' circuit breaker keeps its state in a table, one more network round trip on a route of 150 ms; a function
instance learns within a few calls that an endpoint is gone, so the state stays in memory.
"""

from __future__ import annotations

from threading import Lock

from sotto.core.clock import Clock


class CircuitBreaker:
    """Opens after ``failures`` in a row; after ``open_ms`` lets one probe through, whose outcome decides."""

    def __init__(self, clock: Clock, *, failures: int = 5, open_ms: float = 5_000) -> None:
        self._clock = clock
        self._limit = failures
        self._open_ms = open_ms
        self._in_a_row = 0
        self._opened_at_ms: float | None = None
        self._probing = False
        self._lock = Lock()

    @property
    def is_open(self) -> bool:
        """Whether calls would be refused now; asking changes nothing."""
        with self._lock:
            return self._opened_at_ms is not None and (
                self._probing or self._clock.monotonic_ms() - self._opened_at_ms < self._open_ms
            )

    def allows(self) -> bool:
        """Whether to call now. Every True must be followed by ``succeeded``, ``failed`` or ``abandoned``."""
        with self._lock:
            if self._opened_at_ms is None:
                return True
            if self._probing or self._clock.monotonic_ms() - self._opened_at_ms < self._open_ms:
                return False
            self._probing = True
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._in_a_row, self._opened_at_ms, self._probing = 0, None, False

    def failed(self) -> None:
        with self._lock:
            self._in_a_row += 1
            if self._probing or self._in_a_row >= self._limit:
                self._opened_at_ms = self._clock.monotonic_ms()
            self._probing = False

    def abandoned(self) -> None:
        """The call says nothing about the endpoint's health."""
        with self._lock:
            self._probing = False
