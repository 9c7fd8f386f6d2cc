"""Finds what contact events did not tell: the end of contacts, and their agents."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksConnect, Invokes, Keeps, Reads, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, DIRECTORY
from sotto.core.settings import ConnectInstances
from sotto.core.triggers import Events, Every, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=3_600),
    Every(minutes=1),
    Subscription(("transcript.completed",)),
    timeout_s=120,
    needs=(
        Keeps(CONTACTS),
        Reads(DIRECTORY),  # queues by name
        ReadsBooks(),
        ShowsPanels(),
        AsksConnect(),
        Invokes(("deliver_annotations",)),
        Invokes(("transcribe_call",)),  # where a call turns out to have lost its worker
    ),
    settings=(ConnectInstances,),
)
