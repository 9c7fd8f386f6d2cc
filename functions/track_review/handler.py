"""Invoked by the state machine ``review_conversation``: as it begins to wait, and when its time is over."""

from __future__ import annotations

from typing import Any

from functions.track_review.function import FUNCTION
from sotto.after_call.review.reviews import TRACKED, OpenOrder, accept, open_review
from sotto.core.validation import read_event
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, str]:
    tracked = read_event(TRACKED, event, "an OpenOrder or an AcceptOrder")
    if isinstance(tracked, OpenOrder):
        found = open_review(tracked, sotto.review_ports)
    else:
        found = accept(tracked, sotto.review_ports)
    return {"state": found.state.value} if found else {}
