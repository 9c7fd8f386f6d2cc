"""What is counted: a scope of a month, what is held of it for a text that is being written, and what was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.core.errors import Degraded, Retryable
from sotto.core.metrics.measure import BUDGET_PERCENTS
from sotto.generation.generator import Usage
from sotto.tenants.budgets import Budget, Then

ALARMS = BUDGET_PERCENTS
"""Once a month each."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a text is written for, and by what. ``agent``: empty where no named agent asks."""

    tenant: str
    feature: str
    model: str
    agent: str = ""

    def falls_under(self, budget: Budget) -> bool:
        own = {"feature": self.feature, "model": self.model, "agent": self.agent}
        return all(getattr(budget, name) in ("", value) for name, value in own.items())


def scope_of(budget: Budget) -> str:
    """By which its counter is named."""
    return f"{budget.feature or '*'}|{budget.model or '*'}|{budget.agent or '*'}"


@dataclass(frozen=True, slots=True)
class Lease:
    """``micros``: millionths of a US dollar that are held of each of ``scopes`` until the text is settled, or until
    ``expires_at_ms`` (Unix epoch), when whoever asked is taken to have crashed. ``month``: 2026-11, by UTC."""

    id: str
    use: Use
    month: str
    micros: int
    scopes: tuple[str, ...]
    expires_at_ms: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a scope in a month. ``held``: spent, and reserved by leases that run. ``late``: what came after its lease had
    been given back and fitted no more."""

    spent: int = 0
    held: int = 0
    late: int = 0
    alarmed: int = 0


@dataclass(frozen=True, slots=True)
class Used:
    """What was used on a day (UTC)."""

    day: str
    feature: str
    model: str
    agent: str
    calls: int
    usage: Usage
    micros: int


class BudgetSpent(Degraded):
    """The most that the text may cost does not fit. ``then``: what the budget wants done about it."""

    def __init__(self, scope: str, then: Then) -> None:
        super().__init__("a budget of this month holds no further text")
        self.scope, self.then = scope, then


class BudgetsContended(Retryable):
    """Too many change the same counters at once."""


class NotHeld(Exception):
    """``scope``: the first of which too little is left."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class BudgetCounters(Protocol):
    """Raises StorageUnavailable and BudgetsContended throughout."""

    def hold(self, lease: Lease, limits: Mapping[str, int]) -> None:
        """All of its scopes, or none. ``limits``: of each scope, in micros. Raises NotHeld."""
        ...

    def settle(self, lease: Lease, micros: int, usage: Usage, day: str, limits: Mapping[str, int]) -> None:
        """What it came to. Whatever is more than was held, or came after the lease was given back, is booked as far as
        it fits, and the rest as late."""
        ...

    def give_back(self, tenant: str, month: str, now_ms: int) -> int:
        """What leases hold that have expired; how many there were."""
        ...

    def standing(self, tenant: str, month: str) -> Mapping[str, Standing]:
        """By scope."""
        ...

    def alarm(self, tenant: str, month: str, scope: str, percent: int) -> bool:
        """Whether it is the first to note that so much of the scope is spent."""
        ...

    def used(self, tenant: str, month: str) -> Sequence[Used]:
        """By day, feature, model and agent."""
        ...
