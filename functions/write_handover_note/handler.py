"""Subscribes to ``agent.connected``, and to what ends a contact before it."""

from __future__ import annotations

from typing import Any

from functions.write_handover_note.function import FUNCTION
from sotto.after_call.hand_over import hand_over
from sotto.call.envelope import event_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    log = sotto.logger("write_handover_note")
    for note in hand_over(event_from(event), sotto.handover_ports):
        log.info("handover note made", extra={"lines": len(note.lines)})
