"""Which provider gets the next session: the tenant's order, but one that is known to be down is passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sotto.core.circuit_breaker import Attempt, CircuitBreaker
from sotto.recognition.recogniser import Recogniser, RecogniserRefused, RecogniserUnavailable


class ProviderSelector:
    """One call's providers, the preferred first. After ``tries_each`` failures in a row the next one has its turn."""

    def __init__(
        self, providers: Sequence[Recogniser], breaker_of: Callable[[str], CircuitBreaker], *, tries_each: int
    ) -> None:
        self._providers = list(providers)
        self._breaker_of = breaker_of
        self._tries_each = tries_each

    def leave_out(self, provider: Recogniser, error: RecogniserRefused) -> None:
        """``provider`` does not take this call. Raises ``error`` when it was the last one."""
        self._providers.remove(provider)
        if not self._providers:
            raise error

    @contextmanager
    def next(self, failures: int) -> Iterator[tuple[Recogniser, Attempt]]:
        """``failures``: in a row, without a single result. When every provider is down, the one whose turn it is is
        tried nevertheless: a call that is not transcribed is worse than a wait."""
        turn = failures // self._tries_each % len(self._providers)
        order = [*self._providers[turn:], *self._providers[:turn]]
        chosen = next((each for each in order if self._breaker_of(each.name).admits()), order[0])
        with self._breaker_of(chosen.name).attempt(failures=(RecogniserUnavailable,), admitted=True) as attempt:
            yield chosen, attempt
