"""Subscribes to ``transcript.completed``, ``conversation.ended`` and ``agent.connected``."""

from __future__ import annotations

from typing import Any

from functions.summarise_call.function import FUNCTION
from sotto.after_call.hand_over import hand_over
from sotto.after_call.summarise import summarise_call
from sotto.call.envelope import event_from
from sotto.call.events import AgentConnected
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    happened, log = event_from(event), sotto.logger("summarise_call")
    # First, because somebody may be waiting for it with a customer on the line.
    for note in hand_over(happened, sotto.handover_ports):
        log.info("handover note made", extra={"lines": len(note.lines)})
    if isinstance(happened, AgentConnected):
        return
    made = summarise_call(happened, sotto.summary_ports)
    if made is not None:
        log.info("summary made", extra={"origin": made.origin.value, "lines": len(made.lines)})
