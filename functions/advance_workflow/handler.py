"""Invoked by the state machine ``run_workflow``: to go on, as it begins to wait for a person, and when it gives up."""

from __future__ import annotations

from typing import Any

from functions.advance_workflow.function import FUNCTION
from sotto.core.validation import read_event
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto
from sotto.workflows.advance import ORDERS, AdvanceOrder, HandOffOrder, advance, give_up, hand_off


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, Any]:
    order = read_event(ORDERS, event, "an AdvanceOrder, a HandOffOrder or a GiveUpOrder")
    if isinstance(order, AdvanceOrder):
        advanced = advance(order, sotto.workflow_ports)
        return {"then": advanced.then.value, "wait_s": advanced.wait_s}
    if isinstance(order, HandOffOrder):
        hand_off(order, sotto.workflow_ports)
    else:
        give_up(order, sotto.workflow_ports)
    return {}
