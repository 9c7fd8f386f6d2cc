"""Subscribes to ``agent.connected`` and ``transcript.completed``."""

from __future__ import annotations

from typing import Any

from functions.brief_agent.function import FUNCTION
from sotto.after_call.hand_over import hand_over
from sotto.call.envelope import event_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    for note in hand_over(event_from(event), sotto.handover_ports):
        sotto.logger("brief_agent").info("handover note made", extra={"lines": len(note.lines)})
