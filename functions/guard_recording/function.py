"""Suspends Connect's recording while a card is due, and resumes what is overdue."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, SuspendsRecordings
from sotto.core.resources import CONTACTS
from sotto.core.settings import ConnectInstances
from sotto.core.triggers import Events, Every

FUNCTION = function(
    __name__,
    Events(max_age_s=60),  # a card is spoken by then; the sweep resumes
    Every(minutes=1),
    timeout_s=30,
    needs=(Keeps(CONTACTS), ReadsBooks(), SuspendsRecordings()),
    settings=(ConnectInstances,),
)
