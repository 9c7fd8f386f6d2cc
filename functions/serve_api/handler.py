"""Answers requests to /v1, and those of agents to /mcp, as an HTTP API passes them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from functions.serve_api.function import FUNCTION
from functions.serve_api.gateway import answer_of, request_from
from sotto.api.rest.answer import answer
from sotto.core.metrics.measure import REQUESTS_REFUSED
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

if TYPE_CHECKING:
    from sotto.api.rest.answer import GatePorts
    from sotto.api.rest.http import Request, Response

MCP = "/mcp"


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, Any]:
    answered = _answered(request_from(event), sotto.gate_ports)
    if answered.status >= 400:
        sotto.metrics.add(REQUESTS_REFUSED, error=str(answered.status))
    return answer_of(answered)


def _answered(request: Request, ports: GatePorts) -> Response:
    if request.path != MCP:
        return answer(request, ports)
    from sotto.api.mcp import server  # a cold start of the REST API does not wait for it

    return server.answer(request, ports)
