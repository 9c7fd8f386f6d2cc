"""A circuit breaker per endpoint or provider: after repeated failures it answers at once instead of waiting for it.

Powertools' circuit breaker keeps its state in a table, one more network round trip on a route of 150 ms; a function
instance learns within a few calls that an endpoint is gone, so the state stays in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sotto.core.clock import Clock
from sotto.core.errors import Retryable

Errors = tuple[type[BaseException], ...]


class CircuitOpen(Retryable):
    """The endpoint has just failed, or somebody else is probing it."""


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
            return self._refuses()

    def admits(self) -> bool:
        """Whether to call now. Every True must be followed by an ``attempt(admitted=True)``."""
        with self._lock:
            if self._refuses():
                return False
            self._probing = self._opened_at_ms is not None
            return True

    @contextmanager
    def attempt(self, *, failures: Errors, admitted: bool = False) -> Iterator[Attempt]:
        """One call. ``failures``: the errors that count against the endpoint. A block that calls ``answered`` shows
        that it works; one that does not, or that ends with any other error, says nothing about its health.

        ``admitted``: ``admits`` was asked, or the call is made whatever it says. Raises CircuitOpen.
        """
        if not admitted and not self.admits():
            raise CircuitOpen("the circuit is open")
        attempt = Attempt(self)
        try:
            yield attempt
        except failures:
            attempt.failed()
            raise
        finally:
            attempt.end()

    def _refuses(self) -> bool:
        return self._opened_at_ms is not None and (
            self._probing or self._clock.monotonic_ms() - self._opened_at_ms < self._open_ms
        )

    def _succeeded(self) -> None:
        with self._lock:
            self._in_a_row, self._opened_at_ms, self._probing = 0, None, False

    def _failed(self) -> None:
        with self._lock:
            self._in_a_row += 1
            if self._probing or self._in_a_row >= self._limit:
                self._opened_at_ms = self._clock.monotonic_ms()
            self._probing = False

    def _abandoned(self) -> None:
        with self._lock:
            self._probing = False


class Attempt:
    """One call, or one session of many answers. What it shows of the endpoint's health goes to the breaker, once."""

    def __init__(self, breaker: CircuitBreaker) -> None:
        self._breaker = breaker
        self._judged = False

    def answered(self) -> None:
        if not self._judged:
            self._judged = True
            self._breaker._succeeded()

    def failed(self) -> None:
        """A session that gave answers before it broke is a new failure; the breaker counts those in a row."""
        self._judged = True
        self._breaker._failed()

    def end(self) -> None:
        if not self._judged:
            self._judged = True
            self._breaker._abandoned()
