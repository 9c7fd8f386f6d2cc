"""Invoked by EventBridge with Amazon Connect's contact events."""

from __future__ import annotations

from functools import cache
from typing import Any

from sotto import wiring
from sotto.contact.contact_event import ContactEvent
from sotto.contact.follow import FollowPorts, follow_contact


@cache
def ports() -> FollowPorts:
    return wiring.follow_ports()


def handler(event: Any, context: Any) -> None:
    follow_contact(ContactEvent.parsed(event), ports())
