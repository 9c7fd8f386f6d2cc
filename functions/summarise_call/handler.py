"""A step of the state machine ``after_call``: StepOrder in, StepOutcome out."""

from __future__ import annotations

from typing import Any

from functions.summarise_call.function import FUNCTION
from sotto.after_call.summarise import summarise_call
from sotto.call.after_call_work import StepOutcome, answer, order_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, str]:
    order = order_from(event)
    made = summarise_call(order, sotto.summary_ports)
    if made is not None:
        fields = {"origin": made.origin.value, "lines": len(made.lines)}
        sotto.logger("summarise_call").info("summary made", extra=fields)
    is_there = made is not None or sotto.summaries.summary(order.tenant, order.contact_id) is not None
    return answer(StepOutcome.DONE if is_there else StepOutcome.NOTHING)
