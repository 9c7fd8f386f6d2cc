"""An event asks for the work after a conversation: an execution of the state machine, named after the event.

Two events ask for all of it: the conversation ended, and its transcript is complete. The one that comes last finds all
there is, and its execution runs every step; the one before runs those that are worth it early (StepOf.early). What a
step awaits (StepOf.awaits) asks for that step alone.
"""

from __future__ import annotations

import hashlib
import re
from typing import Protocol

from sotto.call.after_call_work import StepOrder
from sotto.call.events import Event

_NAME = re.compile(r"[^0-9A-Za-z_-]")
LONGEST_ID = 48
"""Of what Step Functions allows, 80, the rest is the event's digest."""


class Workflow(Protocol):
    def start(self, name: str, order: StepOrder, asked: str | None = None) -> bool:
        """``asked``: the type of the event that asks for it, where steps go by that. Whether it was started: False
        where an execution of that name was, and that stays the only one. Raises Retryable."""
        ...


def start_after_call(asked: Event, workflow: Workflow) -> bool:
    """The same event again starts nothing. Raises Retryable."""
    return workflow.start(execution_name(asked), StepOrder(asked.tenant, asked.contact_id), asked.TYPE)


def execution_name(asked: Event) -> str:
    return named_after(asked.contact_id, asked.id)


def named_after(contact_id: str, what: str) -> str:
    """Begins with the contact's id, by which somebody looks for it; ids of two tenants may be alike. ``what``: of which
    there is one execution."""
    digest = hashlib.sha256(what.encode()).hexdigest()[:24]
    return f"{_NAME.sub('-', contact_id)[:LONGEST_ID]}-{digest}"
