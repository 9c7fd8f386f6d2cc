"""Summarises a call that has ended, and a conversation so far for the agent who gets it from another one."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, Reads, ReadsBooks, ShowsPanels, WritesTexts
from sotto.core.resources import CONTACTS, MODELS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=3_600),
    Subscription(("transcript.completed", "conversation.ended", "agent.connected")),
    timeout_s=60,  # a summary, for which nobody waits; a note takes a moment
    needs=(Keeps(CONTACTS), ReadsBooks(), Reads(MODELS), WritesTexts(), ShowsPanels()),
)
