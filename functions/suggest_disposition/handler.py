"""A step of the state machine ``after_call``: StepOrder in, StepOutcome out."""

from __future__ import annotations

from typing import Any

from functions.suggest_disposition.function import FUNCTION
from sotto.after_call.disposition.suggest import suggest_disposition
from sotto.call.after_call_work import StepOutcome, answer, order_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, str]:
    made = suggest_disposition(order_from(event), sotto.suggest_ports)
    return answer(StepOutcome.DONE if made is not None and made.suggested else StepOutcome.NOTHING)
