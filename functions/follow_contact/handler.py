"""Invoked by EventBridge with Amazon Connect's contact events, and by Lambda when a worker's order is given up."""

from __future__ import annotations

from typing import Any

from sotto.contacts.follow import FollowPorts, follow_contact
from sotto.core.once import once
from sotto.sources.connect.contact_event import ContactEvent
from sotto.transcription.lease.revival import RevivePorts, given_up_order, is_given_up, revive
from sotto.wiring.contact import follow_ports, revive_ports
from sotto.wiring.observed import observed
from sotto.wiring.process import logger

log = logger("follow_contact")


@once
def ports() -> FollowPorts:
    return follow_ports()


@once
def reviving() -> RevivePorts:
    return revive_ports()


@observed
def handler(event: Any, context: Any) -> None:
    if is_given_up(event):
        revived = revive(given_up_order(event), reviving())
        log.warning("audio worker given up", extra={"revived": revived})
        return
    follow_contact(ContactEvent.parsed(event), ports())
