"""Fills in the tenant's quality forms: a step of the work after a call."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, WritesTexts
from sotto.core.resources import AFTER_CALL, CONTACTS
from sotto.core.triggers import StepOf

FUNCTION = function(
    __name__,
    StepOf(AFTER_CALL, after=("summarise_call",)),  # which waits for guidance on the last words
    timeout_s=300,  # a model is asked question by question
    needs=(Keeps(CONTACTS), ReadsBooks(), WritesTexts()),
)
