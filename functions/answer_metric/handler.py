"""Invoked by name, and by nobody yet: with the verified claims of who asks and a form."""

from __future__ import annotations

from typing import Any

from functions.answer_metric.function import FUNCTION
from sotto.analytics.query.form import form_from
from sotto.analytics.query.show import answer_shape
from sotto.api.analytics.request import read_request
from sotto.api.analytics.use_cases import behind_figure, figures_of
from sotto.api.caller import caller_of, signed_for
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, Any]:
    asked = read_request(event)
    signed_for(asked.claims, sotto.signed_tenants)
    caller, form = caller_of(asked.claims), form_from(asked.form)
    if asked.behind:
        return {"conversations": behind_figure(form, caller, sotto.figure_ports, limit=asked.behind)}
    return answer_shape(figures_of(form, caller, sotto.figure_ports))
