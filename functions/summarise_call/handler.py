"""Subscribes to ``transcript.completed`` and ``conversation.ended``."""

from __future__ import annotations

from typing import Any

from functions.summarise_call.function import FUNCTION
from sotto.after_call.summarise import summarise_call
from sotto.call.envelope import event_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    made = summarise_call(event_from(event), sotto.summary_ports)
    if made is not None:
        extra = {"origin": made.origin.value, "lines": len(made.lines)}
        sotto.logger("summarise_call").info("summary made", extra=extra)
