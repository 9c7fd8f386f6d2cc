"""Starts the inference graphs of one utterance."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Reads, ReadsBooks, StartsGuideMachine
from sotto.core.resources import CONTACTS
from sotto.core.triggers import Events

FUNCTION = function(
    __name__,
    Events(max_age_s=60),  # guidance about what was said a minute ago helps nobody
    timeout_s=30,
    snap_start=True,
    needs=(Reads(CONTACTS), ReadsBooks(), StartsGuideMachine()),
)
