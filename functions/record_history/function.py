"""Keeps the history of conversations: a row for each, as it goes on."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, Reads, ReadsBooks
from sotto.core.resources import CONTACTS, HISTORY
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # a row that is late is better than one that is wrong
    Subscription(
        (
            "conversation.started",
            "agent.connected",
            "conversation.ended",
            "transcript.completed",
            "summary.ready",
            "disposition.suggested",
            "disposition.chosen",
            "scorecard.ready",
            "appeal.lodged",
            "conversation.erased",
        )
    ),
    timeout_s=15,
    needs=(Keeps(HISTORY), Reads(CONTACTS), ReadsBooks()),
)
