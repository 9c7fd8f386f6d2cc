"""Erases a contact whose consent is withdrawn."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Appends, Keeps, ReadsBooks
from sotto.core.resources import AUDIT, CONTACTS, ERASURES
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # it must not be lost
    Subscription(("consent.withdrawn",)),
    timeout_s=60,
    needs=(Keeps(CONTACTS), Keeps(ERASURES), ReadsBooks(), Appends(AUDIT)),  # holds are among the erasures
)
