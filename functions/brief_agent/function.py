"""Writes a note for the agent who gets a customer from another one."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=300),  # after that the agent has asked
    Subscription(("agent.connected", "transcript.completed")),
    timeout_s=30,
    needs=(Keeps(CONTACTS), ReadsBooks(), ShowsPanels()),
)
