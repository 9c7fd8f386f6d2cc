"""How models answer, by the names that tenants' policies give them."""

from __future__ import annotations

from sotto.core.metrics.measure import MODEL_ANSWERS, MODEL_LATENCY, MODELS_FAILED
from sotto.core.metrics.recorder import Metrics
from sotto.graph.node import NodeStatus
from sotto.inference.answer_node import NodeAnswered


class InferenceMetrics:
    """An observer."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, happened: object) -> None:
        if not isinstance(happened, NodeAnswered):
            return
        tenant, model, result = happened.call.utterance.tenant, happened.call.node.model, happened.result
        self._metrics.add(MODEL_LATENCY, sum(result.took_ms.values()), tenant=tenant, model=model)
        self._metrics.add(MODEL_ANSWERS, tenant=tenant, model=model, outcome=result.status.value)
        self._metrics.add(MODELS_FAILED, result.status is not NodeStatus.OK, tenant=tenant)
