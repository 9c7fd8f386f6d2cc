"""Suggests how a call ended, by the tenant's codes: a step of the work after it."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksModels, Keeps, Reads, ReadsBooks, ShowsPanels
from sotto.core.resources import AFTER_CALL, CONTACTS, MODELS
from sotto.core.triggers import StepOf

FUNCTION = function(
    __name__,
    StepOf(AFTER_CALL, after=("summarise_call",)),
    timeout_s=30,
    needs=(Keeps(CONTACTS), ReadsBooks(), Reads(MODELS), AsksModels(), ShowsPanels()),
)
