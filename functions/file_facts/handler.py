"""Subscribes to what settles something that is counted."""

from __future__ import annotations

from typing import Any

from functions.file_facts.function import FUNCTION
from sotto.analytics.days.filing import file_conversation
from sotto.call.envelope import event_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    file_conversation(event_from(event), sotto.fact_filing_ports)
