"""Judges versions on trial after every answer of an agent, and every minute; takes back what is bad, widens what is
good."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks
from sotto.core.resources import CONTACTS, MODELS
from sotto.core.settings import ConnectInstances
from sotto.core.triggers import Events, Every, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),
    Every(minutes=1),
    Subscription(("feedback.given", "transcript.completed")),
    timeout_s=60,
    needs=(Keeps(CONTACTS), Keeps(MODELS), ReadsBooks()),
    settings=(ConnectInstances,),
    stack="learning",
)
