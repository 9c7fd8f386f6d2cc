"""Subscribes to what changes what is found of a conversation."""

from __future__ import annotations

from typing import Any

from functions.index_conversations.function import FUNCTION
from sotto.call.envelope import event_from
from sotto.search.index_call import index_event
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    index_event(event_from(event), sotto.indexing_ports)
