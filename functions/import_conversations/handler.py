"""Invoked by the state machine ``import_conversations`` for each page, until all of it is settled."""

from __future__ import annotations

from typing import Any

from functions.import_conversations.function import FUNCTION
from sotto.imports.order import page_from
from sotto.imports.page import import_page
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

MARGIN_MS = 240_000
"""Before Lambda ends it: what was begun by then, a batch of windows as they were spoken, is done in time."""


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, bool]:
    clock = sotto.clock
    until_ms = clock.monotonic_ms() + context.get_remaining_time_in_millis() - MARGIN_MS
    done = import_page(page_from(event), sotto.import_page_ports, goes_on=lambda: clock.monotonic_ms() < until_ms)
    return {"done": done}
