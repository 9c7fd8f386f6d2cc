"""Follows contacts by Connect's events, looks for those of which no event told, and revives audio workers that were
given up.

One function, because each that acts as a tenant stands in the tenants' trust policies, whose length IAM limits.
"""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksConnect, Invokes, Keeps, Reads, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, DIRECTORY
from sotto.core.settings import ConnectInstances
from sotto.core.triggers import BusRule, Events, Every, Subscription

FUNCTION = function(
    __name__,
    Events(),
    BusRule("connect-contact-events", {"source": ["aws.connect"], "detail-type": ["Amazon Connect Contact Event"]}),
    Subscription(("transcript.completed",)),
    Every(minutes=1),
    timeout_s=60,  # of a sweep; an event takes a moment
    calls_itself=True,  # by way of the worker that it revives
    needs=(
        Keeps(CONTACTS),
        Reads(DIRECTORY),  # queues and agents by name
        ReadsBooks(),
        ShowsPanels(),
        AsksConnect(),  # for attributes: events say only that they changed
        Invokes(("deliver_annotations",)),
        Invokes(("look_up_customer",)),
        Invokes(("transcribe_call",)),  # in place of one whose order was given up
    ),
    settings=(ConnectInstances,),
)
