"""Invoked with Amazon Connect's contact events, with ``transcript.completed``, every minute, and by Lambda when a
worker's order is given up."""

from __future__ import annotations

from typing import Any

from functions.follow_contact.function import FUNCTION
from sotto.call.envelope import event_from, is_ours
from sotto.contacts.follow import follow_contact
from sotto.contacts.sweep import end_with_audio, sweep
from sotto.sources.connect.contact_event import ContactEvent
from sotto.transcription.lease.revival import given_up_order, is_given_up, revive
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    log = sotto.logger("follow_contact")
    if is_given_up(event):
        revived = revive(given_up_order(event), sotto.revive_ports)
        log.warning("audio worker given up", extra={"revived": revived})
    elif event == {}:
        swept = sweep(sotto.swept_tenants, sotto.sweep_ports)
        log.info("contacts swept", extra={"seen": swept.seen, "asked": swept.asked, "changed": swept.changed})
    elif is_ours(event):
        end_with_audio(event_from(event), sotto.sweep_ports)
    else:
        follow_contact(ContactEvent.parsed(event), sotto.follow_ports)
