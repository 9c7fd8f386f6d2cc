"""Invoked by EventBridge with Amazon Connect's contact events."""

from __future__ import annotations

from typing import Any

from sotto.contact.contact_event import ContactEvent
from sotto.contact.follow import FollowPorts, follow_contact
from sotto.wiring.contact import follow_ports
from sotto.wiring.observed import observed
from sotto.wiring.once import once


@once
def ports() -> FollowPorts:
    return follow_ports()


@observed
def handler(event: Any, context: Any) -> None:
    follow_contact(ContactEvent.parsed(event), ports())
