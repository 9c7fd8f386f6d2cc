"""Starts the work after a conversation."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import StartsAfterCall
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # without it a conversation stays undocumented
    Subscription(("transcript.completed", "conversation.ended", "recording.available", "recording.missing")),
    timeout_s=15,
    needs=(StartsAfterCall(),),
)
