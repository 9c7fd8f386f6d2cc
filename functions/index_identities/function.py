"""Notes by what a contact's customer is known, so that a person can be found who asks for erasure or for a copy."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksConnect, HashesIdentities, Keeps, Reads, ReadsBooks
from sotto.core.resources import CONTACTS, ERASURES
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # who is not noted is not found
    Subscription(("conversation.started",)),
    timeout_s=30,
    needs=(Reads(CONTACTS), Keeps(ERASURES), ReadsBooks(), AsksConnect(), HashesIdentities()),
)
