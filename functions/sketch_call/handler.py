"""Subscribes to ``transcript.completed``."""

from __future__ import annotations

from typing import Any

from functions.sketch_call.function import FUNCTION
from sotto.call.envelope import event_from
from sotto.call.events import TranscriptCompleted
from sotto.learning.sketch import sketch_call
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    given = event_from(event)
    if isinstance(given, TranscriptCompleted):
        made = sketch_call(given, sotto.sketch_ports)
        extra = {"utterances": 0 if made is None else made.utterances}
        sotto.logger("sketch_call").info("call sketched", extra=extra)
