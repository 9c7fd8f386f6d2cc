"""Keeps the directory level with what agents' own events say."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks
from sotto.core.resources import DIRECTORY
from sotto.core.triggers import InstanceStream

FUNCTION = function(
    __name__,
    InstanceStream("AGENT_EVENTS"),
    timeout_s=60,  # a batch of records
    needs=(Keeps(DIRECTORY), ReadsBooks()),
)
