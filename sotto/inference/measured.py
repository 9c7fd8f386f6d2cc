"""How models answer, by the names that tenants' policies give them."""

from __future__ import annotations

from typing import Protocol

from sotto.core.metrics.measure import MODEL_ANSWERS, MODEL_LATENCY, MODELS_FAILED
from sotto.core.metrics.recorder import Metrics
from sotto.graph.node import NodeCall, NodeResult, NodeStatus


class Routes(Protocol):
    def route(self, call: NodeCall) -> NodeResult: ...


class MeasuredRoutes:
    def __init__(self, routes: Routes, metrics: Metrics) -> None:
        self._routes = routes
        self._metrics = metrics

    def route(self, call: NodeCall) -> NodeResult:
        result = self._routes.route(call)
        tenant, model = call.utterance.tenant, call.node.model
        self._metrics.add(MODEL_LATENCY, sum(result.took_ms.values()), tenant=tenant, model=model)
        self._metrics.add(MODEL_ANSWERS, tenant=tenant, model=model, outcome=result.status.value)
        self._metrics.add(MODELS_FAILED, result.status is not NodeStatus.OK, tenant=tenant)
        return result
