"""Subscribes to ``consent.withdrawn``."""

from __future__ import annotations

from typing import Any

from functions.erase_contact.function import FUNCTION
from sotto.call.envelope import NotAnEvent, event_from
from sotto.call.events import ConsentWithdrawn
from sotto.contacts.erase import erase_contact
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    withdrawn = event_from(event)
    if not isinstance(withdrawn, ConsentWithdrawn):
        raise NotAnEvent(f"type: {withdrawn.TYPE} is not consent.withdrawn")
    erased = erase_contact(withdrawn, sotto.erase_ports)
    if erased is not None:
        sotto.logger("erase_contact").info("contact erased", extra={"items": erased.items})
