"""Asks one provider after the other until a text passes its checks, within one deadline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event

from sotto.core.circuit_breaker import CircuitBreaker, CircuitOpen
from sotto.core.clock import Clock
from sotto.core.errors import SottoError
from sotto.core.observation import Observe
from sotto.generation.account import Price, Spent
from sotto.generation.budget.budgets import Budgets
from sotto.generation.budget.counted import BudgetSpent, Lease, Use
from sotto.generation.citations import Checked
from sotto.generation.generator import Generator, GeneratorLate, GeneratorUnavailable, Prompt, TextDelta, TokenTally
from sotto.tenants.budgets import Then

SHORTEST_MS = 150.0
"""With less than this left no model writes a sentence."""
MOST_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Provider:
    """``name`` is what traces, logs and metrics call it. ``refuse``: given a tenant, raises what its texts may not be
    sent to this provider for."""

    name: str
    generator: Generator
    price: Price = field(default_factory=Price)
    refuse: Callable[[str], None] = lambda tenant: None


@dataclass(frozen=True, slots=True)
class TextRequest:
    """``check`` turns a model's words into what may be shown, or raises Degraded. ``deadline_ms`` is monotonic."""

    tenant: str
    task: str
    prompt: Prompt
    check: Callable[[str], Checked]
    deadline_ms: float
    agent: str = ""
    """A named agent on whose behalf it is written, for its budget."""


@dataclass(frozen=True, slots=True)
class TextOutcome:
    """``checked`` is None when no provider served. ``reasons``: why each of those asked before did not. ``prompt``: the
    template that the text answers, with its version; empty when no provider served."""

    checked: Checked | None
    provider: str = ""
    model: str = ""
    reasons: tuple[str, ...] = ()
    prompt: str = ""
    is_off: bool = False
    """A budget is spent that wants nothing in a model's place."""


class GenerationChain:
    """Each provider gets an equal share of the time that is left, so that the first cannot use it up; one whose circuit
    is open gets none.

    A provider's own timeouts bound single reads, not their sum; so it works in a thread and is left behind at the
    deadline: its next piece ends it.
    """

    def __init__(
        self, providers: Sequence[Provider], clock: Clock, observe: Observe, budgets: Budgets | None = None
    ) -> None:
        self._providers = tuple(providers)
        self._clock = clock
        self._observe = observe
        self._budgets = budgets
        self._circuits = {provider.name: CircuitBreaker(clock) for provider in providers}
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="generation")

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def write(self, request: TextRequest) -> TextOutcome:
        admitted, reasons = self._admitted(request.tenant)
        for place, provider in enumerate(admitted):
            remaining = request.deadline_ms - self._clock.monotonic_ms()
            if remaining < SHORTEST_MS:
                reasons.append(f"the deadline passed before {provider.name}")
                break
            tally = TokenTally()
            try:
                checked = self._attempt(provider, request, tally, remaining / self._still_to_ask(admitted[place:]))
            except BudgetSpent as error:
                reasons.append(f"{provider.name}: {type(error).__name__}: {error}")
                if error.then is not Then.SMALLER:
                    return TextOutcome(None, reasons=tuple(reasons), is_off=error.then is Then.OFF)
            except SottoError as error:
                reasons.append(f"{provider.name}: {type(error).__name__}: {error}")
            else:
                return TextOutcome(checked, provider.name, tally.model, tuple(reasons), request.prompt.template)
        return TextOutcome(None, reasons=tuple(reasons))

    def _admitted(self, tenant: str) -> tuple[list[Provider], list[str]]:
        """Those that the tenant may be served by; why not, where there is none."""
        admitted, reasons = [], []
        for provider in self._providers:
            try:
                provider.refuse(tenant)
            except SottoError as error:
                reasons.append(f"{provider.name}: {type(error).__name__}: {error}")
            else:
                admitted.append(provider)
        return admitted, reasons if not admitted else []

    def _still_to_ask(self, rest: Sequence[Provider]) -> int:
        return max(1, sum(not self._circuits[provider.name].is_open for provider in rest))

    def _attempt(self, provider: Provider, request: TextRequest, tally: TokenTally, timeout_ms: float) -> Checked:
        try:
            circuit = self._circuits[provider.name].attempt(failures=(GeneratorUnavailable, GeneratorLate))
            with circuit as attempt, self._accounted(provider, request, tally):
                text = self._in_time(provider.generator, request, tally, timeout_ms)
                attempt.answered()  # whatever the text is good for
                return request.check(text)
        except CircuitOpen as error:
            raise GeneratorUnavailable("its circuit is open") from error

    def _in_time(self, generator: Generator, request: TextRequest, tally: TokenTally, timeout_ms: float) -> str:
        left_behind, until = Event(), self._clock.monotonic_ms() + timeout_ms

        def write() -> str:
            pieces = generator.generate(request.prompt, tenant=request.tenant, timeout_ms=timeout_ms)
            with closing(pieces):  # ends the request
                return tally.text(self._timely(pieces, left_behind, until))

        writing = self._threads.submit(write)
        try:
            return writing.result(timeout_ms / 1000)
        except TimeoutError as error:
            left_behind.set()
            writing.cancel()
            raise GeneratorLate(f"not finished within {timeout_ms:.0f} ms") from error

    def _timely(self, pieces: Iterator[TextDelta], left_behind: Event, until_ms: float) -> Iterator[TextDelta]:
        for piece in pieces:
            if left_behind.is_set() or self._clock.monotonic_ms() > until_ms:
                raise GeneratorLate("not finished in its share of the time")
            yield piece

    @contextmanager
    def _accounted(self, provider: Provider, request: TextRequest, tally: TokenTally) -> Iterator[None]:
        """Tokens are paid for whatever becomes of the text. Raises what holding a budget raises."""
        lease = self._held(provider, request)
        started, outcome = self._clock.monotonic_ms(), "served"
        try:
            yield
        except BaseException as error:
            outcome = type(error).__name__
            raise
        finally:
            took_ms = round(self._clock.monotonic_ms() - started, 1)
            cost = provider.price.of(tally.usage)
            if self._budgets is not None and lease is not None:
                self._budgets.settle(lease, tally.usage, cost)
            self._observe(
                Spent(request.tenant, request.task, provider.name, tally.model, outcome, tally.usage, cost, took_ms)
            )

    def _held(self, provider: Provider, request: TextRequest) -> Lease | None:
        if self._budgets is None:
            return None
        use = Use(request.tenant, request.task, provider.name, request.agent)
        return self._budgets.hold(use, request.prompt, provider.price)
