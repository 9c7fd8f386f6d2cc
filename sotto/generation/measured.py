"""What generated text costs, as metrics per tenant."""

from __future__ import annotations

from sotto.core.metrics.measure import COMPLETION_TOKENS, GENERATION_COST, GENERATION_LATENCY, PROMPT_TOKENS
from sotto.core.metrics.recorder import Metrics
from sotto.generation.account import Spent


class MeasuredAccount:
    """An Account. Which model wrote is no dimension: a provider has one at a time."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def spent(self, attempt: Spent) -> None:
        for measure, value in (
            (PROMPT_TOKENS, attempt.usage.prompt_tokens),
            (COMPLETION_TOKENS, attempt.usage.completion_tokens),
            (GENERATION_COST, attempt.cost_usd),
            (GENERATION_LATENCY, attempt.took_ms),
        ):
            self._metrics.add(measure, value, tenant=attempt.tenant, task=attempt.task, provider=attempt.provider)
