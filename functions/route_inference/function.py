"""Answers one node of an inference graph."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksModels, Keeps, Reads, ReadsBooks, WritesTexts
from sotto.core.resources import CONTACTS, GUIDE_UTTERANCE, MODELS
from sotto.core.triggers import TaskOf

FUNCTION = function(
    __name__,
    TaskOf(GUIDE_UTTERANCE),
    timeout_s=10,
    snap_start=True,
    # Contacts: what was said before, and what versions in the shadow answered. Books: house rules.
    needs=(Reads(MODELS), AsksModels(), WritesTexts(), Keeps(CONTACTS), ReadsBooks()),
)
