"""Subscribes to ``transcript.completed`` and ``conversation.ended``, and to what steps await."""

from __future__ import annotations

from typing import Any

from functions.start_after_call.function import FUNCTION
from sotto.after_call.workflow.start import start_after_call
from sotto.call.envelope import event_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    if not start_after_call(event_from(event), sotto.workflow):
        sotto.logger("start_after_call").info("started before")
