"""What language models cost a tenant in a month, and how its budgets stand; ready to be invoiced."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach
from sotto.core.clock import Clock
from sotto.generation.budget.budgets import month_of
from sotto.generation.budget.counted import BudgetCounters, Standing, Used, scope_of
from sotto.tenants.budgets import MICROS, Budget


@dataclass(frozen=True, slots=True)
class UsagePorts:
    """``budgets(tenant)``: as published."""

    budgets: Callable[[str], tuple[Budget, ...]]
    counters: BudgetCounters
    clock: Clock


@dataclass(frozen=True, slots=True)
class BudgetStands:
    budget: Budget
    standing: Standing

    @property
    def share(self) -> float:
        """Spent of it; 1 is all."""
        return self.standing.spent / self.budget.micros


@dataclass(frozen=True, slots=True)
class MonthlyUsage:
    """``month``: 2026-11, by UTC."""

    tenant: str
    month: str
    budgets: tuple[BudgetStands, ...]
    used: Sequence[Used]

    @property
    def micros(self) -> int:
        return sum(each.micros for each in self.used)


def monthly_usage(caller: Caller, month: str | None, ports: UsagePorts) -> MonthlyUsage:
    """``month``: the current one where None. What crashed callers held is given back first. Raises Unauthorised and
    Retryable."""
    if Reach.ANY not in caller.reach(Action.READ_USAGE):
        raise Unauthorised("role: this role reads no usage")
    now_ms = int(ports.clock.now_ms())
    month = month or month_of(now_ms)
    ports.counters.give_back(caller.tenant, month, now_ms)
    standing = ports.counters.standing(caller.tenant, month)
    budgets = tuple(
        BudgetStands(each, standing.get(scope_of(each), Standing())) for each in ports.budgets(caller.tenant)
    )
    return MonthlyUsage(caller.tenant, month, budgets, ports.counters.used(caller.tenant, month))


def cloud_events(usage: MonthlyUsage) -> Iterator[dict[str, Any]]:
    """One CloudEvent 1.0 of what was used on a day for a feature by a model, as meters of others take them. Its id is
    the same each time, and its data is what stands now."""
    for each in usage.used:
        about = "/".join((each.day, each.feature, each.model, each.agent or "-"))
        yield {
            "specversion": "1.0",
            "id": f"{usage.tenant}/{about}",
            "source": "sotto",
            "type": "sotto.generation.used",
            "subject": usage.tenant,
            "time": f"{each.day}T00:00:00Z",
            "datacontenttype": "application/json",
            "data": {
                "feature": each.feature,
                "model": each.model,
                "agent": each.agent or None,
                "calls": each.calls,
                "prompt_tokens": each.usage.prompt_tokens,
                "completion_tokens": each.usage.completion_tokens,
                "usd": each.micros / MICROS,
            },
        }
