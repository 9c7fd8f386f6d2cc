"""Notes how far the work after a conversation is."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, ShowsPanels
from sotto.core.resources import AFTER_CALL, CONTACTS
from sotto.core.triggers import TaskOf

FUNCTION = function(
    __name__,
    TaskOf(AFTER_CALL),
    timeout_s=15,
    needs=(Keeps(CONTACTS), ReadsBooks(), ShowsPanels()),
)
