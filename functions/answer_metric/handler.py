from __future__ import annotations

from typing import Any

from functions.answer_metric.function import FUNCTION
from sotto.api.analytics.answering import answered
from sotto.api.analytics.request import read_request
from sotto.api.caller import signed_for
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, Any]:
    asked = read_request(event)
    signed_for(asked.claims, sotto.signed_tenants)
    return answered(asked, sotto.figure_ports)
