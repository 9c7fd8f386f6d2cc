"""Subscribes to ``correction.given``, ``transcript.completed`` and ``consent.withdrawn``."""

from __future__ import annotations

from typing import Any

from functions.collect_examples.function import FUNCTION
from sotto.call.envelope import event_from
from sotto.learning.collect import collect
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    added = collect(event_from(event), sotto.collect_ports)
    sotto.logger("collect_examples").info("examples collected", extra={"examples": added})
