"""The panel's queries, mutations and requests to subscribe, as AppSync passes them on."""

from __future__ import annotations

from typing import Any

from functions.serve_agent.answer import Answer, answer
from functions.serve_agent.function import FUNCTION
from sotto.api.panel.answers import refusal_of
from sotto.core.metrics.measure import REQUESTS_REFUSED
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: dict[str, Any], context: object, sotto: Sotto) -> Answer:
    answered = answer(event, sotto.agent_ports, sotto.logger("serve_agent"), tenants=sotto.signed_tenants)
    if refusal := refusal_of(answered):
        sotto.metrics.add(REQUESTS_REFUSED, error=refusal)
    return answered
