"""What generated text costs, as metrics per tenant."""

from __future__ import annotations

from sotto.core.metrics.measure import (
    BUDGET_CROSSED,
    BUDGET_LEASE_LEFT,
    COMPLETION_TOKENS,
    GENERATION_COST,
    GENERATION_LATENCY,
    PROMPT_TOKENS,
)
from sotto.core.metrics.recorder import Metrics
from sotto.generation.account import Spent
from sotto.generation.budget.budgets import BudgetCrossed, BudgetLeaseLeft


class GenerationMetrics:
    """An observer. Which model wrote is no dimension: a provider has one at a time."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, happened: object) -> None:
        match happened:
            case BudgetCrossed():
                self._metrics.add(BUDGET_CROSSED, tenant=happened.tenant, percent=str(happened.percent))
            case BudgetLeaseLeft():
                self._metrics.add(BUDGET_LEASE_LEFT, tenant=happened.tenant)
            case Spent():
                self._spent(happened)

    def _spent(self, happened: Spent) -> None:
        for measure, value in (
            (PROMPT_TOKENS, happened.usage.prompt_tokens),
            (COMPLETION_TOKENS, happened.usage.completion_tokens),
            (GENERATION_COST, happened.cost_usd),
            (GENERATION_LATENCY, happened.took_ms),
        ):
            self._metrics.add(measure, value, tenant=happened.tenant, task=happened.task, provider=happened.provider)
