"""Subscribes to ``conversation.started``."""

from __future__ import annotations

from typing import Any

from functions.index_identities.function import FUNCTION
from sotto.call.envelope import NotAnEvent, event_from
from sotto.call.events import ConversationStarted
from sotto.erasure.index import index_contact
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    started = event_from(event)
    if not isinstance(started, ConversationStarted):
        raise NotAnEvent(f"type: {started.TYPE} is not conversation.started")
    known_by = index_contact(started, sotto.index_ports)
    sotto.logger("index_identities").info("contact indexed", extra={"identities": known_by})
