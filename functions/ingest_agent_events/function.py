"""Keeps the directory, and when customers are on hold, level with what agents' own events say; panels see holds."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, DIRECTORY
from sotto.core.triggers import InstanceStream

FUNCTION = function(
    __name__,
    InstanceStream("AGENT_EVENTS"),
    timeout_s=60,  # a batch of records
    needs=(Keeps(DIRECTORY), Keeps(CONTACTS), ReadsBooks(), ShowsPanels()),
)
