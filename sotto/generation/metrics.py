"""What generated text costs, as metrics per tenant."""

from __future__ import annotations

from sotto.core.metrics.measure import COMPLETION_TOKENS, GENERATION_COST, GENERATION_LATENCY, PROMPT_TOKENS
from sotto.core.metrics.recorder import Metrics
from sotto.generation.account import Spent


class GenerationMetrics:
    """An observer. Which model wrote is no dimension: a provider has one at a time."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, happened: object) -> None:
        if not isinstance(happened, Spent):
            return
        for measure, value in (
            (PROMPT_TOKENS, happened.usage.prompt_tokens),
            (COMPLETION_TOKENS, happened.usage.completion_tokens),
            (GENERATION_COST, happened.cost_usd),
            (GENERATION_LATENCY, happened.took_ms),
        ):
            self._metrics.add(measure, value, tenant=happened.tenant, task=happened.task, provider=happened.provider)
