"""Invoked by the state machine: as it begins, to say whether the conversation is whole, and after each step."""

from __future__ import annotations

from typing import Any

from functions.track_after_call.function import FUNCTION
from sotto.after_call.workflow.track import TRACKED, BeginOrder, begin, note
from sotto.core.validation import read_event
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, bool]:
    tracked = read_event(TRACKED, event, "a BeginOrder or a StepReport")
    if isinstance(tracked, BeginOrder):
        return {"whole": begin(tracked, sotto.track_ports)}
    note(tracked, sotto.track_ports)
    return {}
