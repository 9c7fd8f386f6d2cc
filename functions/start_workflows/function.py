"""Starts workflows about conversations, and wakes those on which somebody has decided."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, StartsWorkflows
from sotto.core.resources import CONTACTS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # a run that is stored and not started waits for ever
    Subscription(
        (
            "summary.ready",
            "disposition.chosen",
            "scorecard.ready",
            "review.closed",
            "outcome.known",
            "workflow.started",
            "workflow.decided",
            "workflow.ended",
        )
    ),
    timeout_s=30,
    stack="workflows",
    needs=(Keeps(CONTACTS), ReadsBooks(), StartsWorkflows()),
)
