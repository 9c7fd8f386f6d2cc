"""Files what analytics counts of a conversation whenever something of it is settled."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks
from sotto.core.resources import CONTACTS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # without the last one of a conversation its figures stay behind
    Subscription(
        (
            "transcript.completed",
            "conversation.ended",
            "contact.measured",
            "call.sketched",
            "disposition.suggested",
            "disposition.chosen",
            "summary.ready",
            "scorecard.ready",
            "feedback.given",
            "conversation.erased",
        )
    ),
    timeout_s=60,
    needs=(Keeps(CONTACTS), ReadsBooks()),
)
