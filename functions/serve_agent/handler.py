"""The panel's queries, mutations and requests to subscribe, as AppSync passes them on."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from functions.serve_agent.answer import Answer, answer
from sotto.api.panel.answers import refusal_of
from sotto.api.panel.ports import AgentPorts
from sotto.core.metrics.measure import REQUESTS_REFUSED
from sotto.core.once import once
from sotto.wiring.connections import signed_tenants
from sotto.wiring.delivery import serve_agent_ports
from sotto.wiring.observed import observed
from sotto.wiring.process import metrics

log = Logger(service="serve_agent")


@once
def ports() -> AgentPorts:
    return serve_agent_ports()


@observed
def handler(event: dict[str, Any], context: object) -> Answer:
    answered = answer(event, ports(), log, tenants=signed_tenants())
    if refusal := refusal_of(answered):
        metrics().add(REQUESTS_REFUSED, error=refusal)
    return answered
