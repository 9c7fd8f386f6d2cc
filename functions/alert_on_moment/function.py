"""Raises alerts on moments of calls under way, by the tenants' rules, and sends them at once."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Appends, Keeps, ReadsBooks, SendsAlerts
from sotto.core.resources import AUDIT, CONTACTS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=900),  # later nobody could do anything on the call
    Subscription(("moment.noticed",)),
    timeout_s=30,
    stack="alerts",
    needs=(Keeps(CONTACTS), ReadsBooks(), Appends(AUDIT), SendsAlerts()),
)
