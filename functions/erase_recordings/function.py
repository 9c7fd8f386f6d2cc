"""Erases the redacted recordings of a contact that was erased."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import PlaysRecordings
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # it must not be lost
    Subscription(("conversation.erased",)),
    timeout_s=60,
    needs=(PlaysRecordings(),),
)
