"""Starts guidance for a contact: the contact flow waits for it."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Invokes, Keeps, Reads, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, DIRECTORY
from sotto.core.triggers import ContactFlow

FUNCTION = function(
    __name__,
    ContactFlow(),
    timeout_s=8,  # Connect waits no longer
    snap_start=True,
    share_of_calls=0.05,
    needs=(
        Keeps(CONTACTS),
        Reads(DIRECTORY),  # queues and agents by name
        ReadsBooks(),
        Invokes(("transcribe_call",)),
        ShowsPanels(),  # a whisper flow knows the agent
        Invokes(("deliver_annotations",)),
        Invokes(("look_up_customer",)),
    ),
)
