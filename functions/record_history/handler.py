"""Subscribes to what changes a row of the history."""

from __future__ import annotations

from typing import Any

from functions.record_history.function import FUNCTION
from sotto.call.envelope import event_from
from sotto.history.keep import keep
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    happened = event_from(event)
    keep(happened.tenant, happened.contact_id, sotto.history_keep_ports)
