"""Turns models' answers and the call's time into guidance, and shows it."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, GUIDE_UTTERANCE
from sotto.core.triggers import Events, TaskOf

FUNCTION = function(
    __name__,
    Events(max_age_s=60),
    TaskOf(GUIDE_UTTERANCE),
    timeout_s=15,
    snap_start=True,
    needs=(Keeps(CONTACTS), ReadsBooks(), ShowsPanels()),
)
