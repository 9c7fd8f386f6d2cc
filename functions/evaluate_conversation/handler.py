"""A step of the state machine ``after_call``: StepOrder in, StepOutcome out."""

from __future__ import annotations

from typing import Any

from functions.evaluate_conversation.function import FUNCTION
from sotto.call.after_call_work import StepOutcome, answer, order_from
from sotto.scorecards.evaluate_conversation import evaluate_conversation
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, str]:
    order = order_from(event)
    made = evaluate_conversation(order.tenant, order.contact_id, sotto.evaluate_ports)
    return answer(StepOutcome.DONE if made else StepOutcome.NOTHING)
