"""Guides on one utterance: in this function where its graph is quick, by the state machine where it is not."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksModels, Keeps, Reads, ReadsBooks, ShowsPanels, StartsGuideMachine
from sotto.core.resources import CONTACTS, MODELS
from sotto.core.triggers import Events

FUNCTION = function(
    __name__,
    Events(max_age_s=60),  # guidance about what was said a minute ago helps nobody
    timeout_s=30,
    # Its own work is some 12 ms of a processor, of which Lambda gives 0.29 at 512 MB and 0.58 here.
    memory_mb=1_024,
    snap_start=True,
    # Contacts: what was said before, the conversation's state, and what versions in the shadow answered.
    needs=(Reads(MODELS), AsksModels(), Keeps(CONTACTS), ReadsBooks(), ShowsPanels(), StartsGuideMachine()),
)
