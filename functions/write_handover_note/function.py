"""Writes a note for the agent who gets a customer from another one."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=3_600),
    Subscription(("transcript.completed", "conversation.ended", "agent.connected")),
    timeout_s=30,  # somebody may be waiting for it with a customer on the line
    needs=(Keeps(CONTACTS), ReadsBooks(), ShowsPanels()),
)
