"""Brings what is said into the tenants' search indexes."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksModels, KeepsIndexes, Reads, ReadsBooks
from sotto.core.resources import CONTACTS, MODELS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),
    Subscription(
        (
            "utterance.committed",
            "transcript.completed",
            "summary.ready",
            "disposition.chosen",
            "scorecard.ready",
            "conversation.erased",
        )
    ),
    timeout_s=60,  # a whole call's texts, where the encoder has read none of them
    needs=(Reads(CONTACTS), ReadsBooks(), Reads(MODELS), AsksModels(), KeepsIndexes()),
)
