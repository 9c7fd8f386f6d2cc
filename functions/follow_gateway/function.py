"""Follows calls that other telephone systems send to the media gateway, by what the gateway says of them."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Invokes, Keeps, Reads, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, DIRECTORY
from sotto.core.settings import MediaGateways
from sotto.core.triggers import Events

FUNCTION = function(
    __name__,
    Events(),
    timeout_s=30,
    capability="media_gateway",
    stack="media-gateway",
    needs=(
        Keeps(CONTACTS),
        Reads(DIRECTORY),  # agents and queues by name
        ReadsBooks(),
        ShowsPanels(),
        Invokes(("deliver_annotations",)),
        Invokes(("look_up_customer",)),
        Invokes(("transcribe_call",)),
    ),
    settings=(MediaGateways,),
)
