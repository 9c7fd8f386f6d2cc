"""How models answer, by the names that tenants' policies give them."""

from __future__ import annotations

from sotto.core.metrics.measure import MODEL_ANSWERS, MODEL_LATENCY, MODELS_FAILED
from sotto.core.metrics.recorder import Metrics
from sotto.graph.node import NodeCall, NodeResult, NodeRouter, NodeStatus


class MeasuredRoutes:
    def __init__(self, routes: NodeRouter, metrics: Metrics) -> None:
        self._routes = routes
        self._metrics = metrics

    def route(self, call: NodeCall) -> NodeResult:
        result = self._routes.route(call)
        tenant, model = call.utterance.tenant, call.node.model
        self._metrics.add(MODEL_LATENCY, sum(result.took_ms.values()), tenant=tenant, model=model)
        self._metrics.add(MODEL_ANSWERS, tenant=tenant, model=model, outcome=result.status.value)
        self._metrics.add(MODELS_FAILED, result.status is not NodeStatus.OK, tenant=tenant)
        return result
