"""Answers requests to /v1 as an HTTP API passes them on."""

from __future__ import annotations

from typing import Any

from functions.serve_api.function import FUNCTION
from functions.serve_api.gateway import answer_of, request_from
from sotto.api.rest.answer import answer
from sotto.core.metrics.measure import REQUESTS_REFUSED
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, Any]:
    answered = answer(request_from(event), sotto.gate_ports)
    if answered.status >= 400:
        sotto.metrics.add(REQUESTS_REFUSED, error=str(answered.status))
    return answer_of(answered)
