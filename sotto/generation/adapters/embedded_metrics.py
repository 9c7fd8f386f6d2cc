"""Tokens and cost as CloudWatch metrics in a log line: the embedded metric format.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
from collections.abc import Callable

from sotto.clock import Clock
from sotto.generation.account import Spent

NAMESPACE = "Sotto"
_UNITS = {
    "PromptTokens": "Count",
    "CompletionTokens": "Count",
    "GenerationCostUsd": "None",
    "GenerationMs": "Milliseconds",
}


class EmbeddedMetricsAccount:
    """``write`` takes one line, such as ``print``. Which model wrote is a property, not a dimension: names are many."""

    def __init__(self, clock: Clock, write: Callable[[str], object] = print) -> None:
        self._clock = clock
        self._write = write

    def spent(self, attempt: Spent) -> None:
        metrics = [{"Name": name, "Unit": unit} for name, unit in _UNITS.items()]
        about = {"Namespace": NAMESPACE, "Dimensions": [["tenant", "task", "provider"]], "Metrics": metrics}
        line = {
            "_aws": {"Timestamp": int(self._clock.now_ms()), "CloudWatchMetrics": [about]},
            "message": "text generated",
            "tenant": attempt.tenant,
            "task": attempt.task,
            "provider": attempt.provider,
            "model": attempt.model,
            "outcome": attempt.outcome,
            "PromptTokens": attempt.usage.prompt_tokens,
            "CompletionTokens": attempt.usage.completion_tokens,
            "GenerationCostUsd": attempt.cost_usd,
            "GenerationMs": attempt.took_ms,
        }
        self._write(json.dumps(line))
