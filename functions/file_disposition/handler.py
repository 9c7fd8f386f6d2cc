"""Subscribes to ``disposition.chosen``."""

from __future__ import annotations

from typing import Any

from functions.file_disposition.function import FUNCTION
from sotto.after_call.disposition.file import file_disposition
from sotto.call.envelope import NotAnEvent, event_from
from sotto.call.events import DispositionChosen
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    chosen = event_from(event)
    if not isinstance(chosen, DispositionChosen):
        raise NotAnEvent(f"type: {chosen.TYPE} is not disposition.chosen")
    written = file_disposition(chosen, sotto.file_ports)
    if written is not None:
        sotto.logger("file_disposition").info("disposition written", extra={"outcome": written.value})
