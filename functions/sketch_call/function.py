"""Adds up what the tenant's intent model makes of a call that is over, for watching drift."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksModels, Keeps, Reads, ReadsBooks
from sotto.core.resources import CONTACTS, MODELS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),
    Subscription(("transcript.completed",)),
    timeout_s=120,  # a whole call's texts, where the encoder has read none of them
    needs=(Keeps(CONTACTS), ReadsBooks(), Reads(MODELS), AsksModels()),
    stack="learning",
)
