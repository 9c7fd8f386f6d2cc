"""Carries a workflow on until it waits, and keeps what it waits for."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AnswersWorkflows, Keeps, ReadsBooks, WritesTexts
from sotto.core.resources import CONTACTS, RUN_WORKFLOW
from sotto.core.triggers import TaskOf

FUNCTION = function(
    __name__,
    TaskOf(RUN_WORKFLOW),
    timeout_s=120,
    needs=(Keeps(CONTACTS), ReadsBooks(), WritesTexts(), AnswersWorkflows()),
    stack="workflows",
)
