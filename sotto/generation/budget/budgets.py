"""Holds what a text may cost at most, before it is written; settles what it came to, after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from secrets import token_hex

from sotto.core.clock import Clock
from sotto.core.errors import SottoError
from sotto.core.observation import Observe
from sotto.generation.account import Price
from sotto.generation.budget.counted import (
    ALARMS,
    BudgetCounters,
    BudgetsContended,
    BudgetSpent,
    Lease,
    NotHeld,
    Use,
    scope_of,
)
from sotto.generation.generator import Prompt, Usage
from sotto.tenants.budgets import MICROS, Budget, Then

LEASE_MS = 5 * 60_000
"""Far longer than any text is waited for."""
PER_MESSAGE = 64
"""Tokens that a provider may add to each message, and to the schema, by itself."""


@dataclass(frozen=True, slots=True)
class BudgetCrossed:
    """So much of a budget is spent, or so nearly all that a text did not fit; observed once a month each."""

    tenant: str
    percent: int


@dataclass(frozen=True, slots=True)
class BudgetLeaseLeft:
    """A text was written and what it came to could not be noted: its lease holds it until it expires."""

    tenant: str
    reason: str


class Budgets:
    """``budgets(tenant)``: as published. Where a tenant has none, what is used is counted all the same."""

    def __init__(
        self, budgets: Callable[[str], tuple[Budget, ...]], counters: BudgetCounters, clock: Clock, observe: Observe
    ) -> None:
        self._budgets = budgets
        self._counters = counters
        self._clock = clock
        self._observe = observe

    def hold(self, use: Use, prompt: Prompt, price: Price) -> Lease:
        """Raises BudgetSpent, and what reading budgets and counters raises."""
        now_ms = int(self._clock.now_ms())
        micros = micros_of(price.of(most_of(prompt)))
        under = self._under(use) if micros else {}
        lease = Lease(token_hex(12), use, month_of(now_ms), micros, tuple(under), now_ms + LEASE_MS)
        if not under:
            return lease
        limits = {scope: budget.micros for scope, budget in under.items()}
        try:
            self._held(lease, limits, now_ms)
        except NotHeld as error:
            self._alarm(lease, error.scope, 100)
            raise BudgetSpent(error.scope, under[error.scope].then) from None
        except BudgetsContended as error:  # like a budget that is spent: a text that nobody counted may not be written
            raise BudgetSpent(lease.scopes[0], Then.EXTRACTIVE) from error
        return lease

    def settle(self, lease: Lease, usage: Usage, cost_usd: float) -> None:
        """Never raises."""
        micros = micros_of(cost_usd)
        try:
            limits = {scope: budget.micros for scope, budget in self._under(lease.use).items()}
            self._counters.settle(lease, micros, usage, day_of(int(self._clock.now_ms())), limits)
            self._tell(lease, limits)
        except SottoError as error:
            self._observe(BudgetLeaseLeft(lease.use.tenant, type(error).__name__))

    def _under(self, use: Use) -> Mapping[str, Budget]:
        return {scope_of(each): each for each in self._budgets(use.tenant) if use.falls_under(each)}

    def _held(self, lease: Lease, limits: Mapping[str, int], now_ms: int) -> None:
        """What crashed callers left held is given back before anybody is refused. Raises NotHeld."""
        try:
            self._counters.hold(lease, limits)
        except NotHeld:
            if not self._counters.give_back(lease.use.tenant, lease.month, now_ms):
                raise
            self._counters.hold(lease, limits)

    def _tell(self, lease: Lease, limits: Mapping[str, int]) -> None:
        if not lease.scopes:
            return
        standing = self._counters.standing(lease.use.tenant, lease.month)
        for scope in lease.scopes:
            if scope in limits and scope in standing:
                percent = 100 * standing[scope].spent / limits[scope]
                reached = max((each for each in ALARMS if percent >= each), default=0)
                if reached > standing[scope].alarmed:
                    self._alarm(lease, scope, reached)

    def _alarm(self, lease: Lease, scope: str, percent: int) -> None:
        if self._counters.alarm(lease.use.tenant, lease.month, scope, percent):
            self._observe(BudgetCrossed(lease.use.tenant, percent))


def micros_of(usd: float) -> int:
    """Rounded up, but not for what a float adds."""
    return ceil(round(usd * MICROS, 6))


def most_of(prompt: Prompt) -> Usage:
    """As many tokens as there can be: no tokeniser makes more of a text than it has bytes."""
    written = sum(len(each.text.encode()) + PER_MESSAGE for each in prompt.messages)
    schema = len(repr(prompt.json_schema).encode()) + PER_MESSAGE if prompt.json_schema is not None else 0
    return Usage(written + schema, prompt.max_tokens + PER_MESSAGE)


def month_of(at_ms: int) -> str:
    return day_of(at_ms)[:7]


def day_of(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()
