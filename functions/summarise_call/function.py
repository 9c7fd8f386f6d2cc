"""Summarises a call that has ended: a step of the work after it."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, Reads, ReadsBooks, ShowsPanels, WritesTexts
from sotto.core.resources import AFTER_CALL, CONTACTS, MODELS
from sotto.core.triggers import StepOf

FUNCTION = function(
    __name__,
    StepOf(AFTER_CALL, early=True),  # so that there is one whatever becomes of the audio worker
    timeout_s=60,
    needs=(Keeps(CONTACTS), ReadsBooks(), Reads(MODELS), WritesTexts(), ShowsPanels()),
)
