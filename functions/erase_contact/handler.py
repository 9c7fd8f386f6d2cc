"""Subscribes to ``consent.withdrawn``."""

from __future__ import annotations

from typing import Any

from sotto.call.envelope import NotAnEvent, event_from
from sotto.call.events import ConsentWithdrawn
from sotto.contacts.erase import ErasePorts, erase_contact
from sotto.core.once import once
from sotto.wiring.contact import erase_ports
from sotto.wiring.observed import observed
from sotto.wiring.process import logger

log = logger("erase_contact")


@once
def ports() -> ErasePorts:
    return erase_ports()


@observed
def handler(event: Any, context: Any) -> None:
    withdrawn = event_from(event)
    if not isinstance(withdrawn, ConsentWithdrawn):
        raise NotAnEvent(f"type: {withdrawn.TYPE} is not consent.withdrawn")
    erased = erase_contact(withdrawn, ports())
    if erased is not None:
        log.info("contact erased", extra={"items": erased.items})
