"""Makes examples that people look at of corrections and of a sample of what was silent, and collects what no intent and
no article is for, where customers agree to it."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksModels, Keeps, ReadsBooks
from sotto.core.resources import CONTACTS, MODELS
from sotto.core.triggers import Events, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),  # what somebody corrected is not lost
    Subscription(("correction.given", "transcript.completed", "consent.withdrawn")),
    timeout_s=120,  # the intent model is asked about all that the customer said
    needs=(Keeps(CONTACTS), Keeps(MODELS), ReadsBooks(), AsksModels()),
    stack="learning",
)
