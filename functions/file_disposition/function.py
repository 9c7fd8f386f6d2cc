"""Writes the code that an agent chose to Amazon Connect."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, ShowsPanels, WritesContacts
from sotto.core.resources import CONTACTS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # reports of the day miss it else
    Subscription(("disposition.chosen",)),
    timeout_s=15,
    needs=(Keeps(CONTACTS), ReadsBooks(), WritesContacts(), ShowsPanels()),
)
