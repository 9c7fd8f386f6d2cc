"""Subscribes to what starts workflows, and to what happens to their runs."""

from __future__ import annotations

from typing import Any

from functions.start_workflows.function import FUNCTION
from sotto.call.envelope import event_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto
from sotto.workflows.start import take_event


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    taken = take_event(event_from(event), sotto.workflow_start_ports)
    sotto.logger("start_workflows").info("event taken", extra={"runs": taken})
