"""Follows contacts by Connect's events, and revives audio workers that were given up."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksConnect, Invokes, Keeps, Reads, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, DIRECTORY
from sotto.core.triggers import BusRule, Events

FUNCTION = function(
    __name__,
    Events(),
    BusRule("connect-contact-events", {"source": ["aws.connect"], "detail-type": ["Amazon Connect Contact Event"]}),
    timeout_s=15,
    calls_itself=True,  # by way of the worker that it revives
    needs=(
        Keeps(CONTACTS),
        Reads(DIRECTORY),  # queues by name
        ReadsBooks(),
        ShowsPanels(),
        AsksConnect(),  # for attributes: events say only that they changed
        Invokes(("deliver_annotations",)),
        Invokes(("transcribe_call",)),  # in place of one whose order was given up
    ),
)
