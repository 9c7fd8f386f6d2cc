"""A step of the state machine ``after_call``: StepOrder in, StepOutcome out."""

from __future__ import annotations

from typing import Any

from functions.request_review.function import FUNCTION
from sotto.after_call.review.request import request_review
from sotto.call.after_call_work import StepOutcome, answer, order_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, str]:
    is_requested = request_review(order_from(event), sotto.request_review_ports)
    return answer(StepOutcome.DONE if is_requested else StepOutcome.NOTHING)
