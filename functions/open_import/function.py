"""Reads the manifest of an import, and closes the import when its pages are done."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsImports
from sotto.core.resources import CONTACTS, IMPORT_CONVERSATIONS
from sotto.core.triggers import TaskOf

FUNCTION = function(
    __name__,
    TaskOf(IMPORT_CONVERSATIONS),
    timeout_s=890,  # a manifest of a hundred thousand lines
    memory_mb=1_024,  # for processor time: every line is read and checked
    capability="imports",
    stack="imports",
    needs=(Keeps(CONTACTS), ReadsImports()),
)
