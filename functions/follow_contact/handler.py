"""Invoked by EventBridge with Amazon Connect's contact events, and by Lambda when a worker's order is given up."""

from __future__ import annotations

from typing import Any

from functions.follow_contact.function import FUNCTION
from sotto.contacts.follow import follow_contact
from sotto.sources.connect.contact_event import ContactEvent
from sotto.transcription.lease.revival import given_up_order, is_given_up, revive
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    if is_given_up(event):
        revived = revive(given_up_order(event), sotto.revive_ports)
        sotto.logger("follow_contact").warning("audio worker given up", extra={"revived": revived})
        return
    follow_contact(ContactEvent.parsed(event), sotto.follow_ports)
