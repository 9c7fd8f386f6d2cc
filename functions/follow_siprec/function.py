"""Follows calls that a session border controller has recorded by SIPREC, by a Voice Connector's events."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Invokes, Keeps, Reads, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS, DIRECTORY
from sotto.core.settings import VoiceConnectors
from sotto.core.triggers import BusRule, Events

FUNCTION = function(
    __name__,
    Events(),
    BusRule(
        "voice-connector-streams", {"source": ["aws.chime"], "detail-type": ["Chime VoiceConnector Streaming Status"]}
    ),
    timeout_s=30,
    capability="siprec",
    stack="siprec",
    needs=(
        Keeps(CONTACTS),
        Reads(DIRECTORY),  # agents and queues by name
        ReadsBooks(),
        ShowsPanels(),
        Invokes(("deliver_annotations",)),
        Invokes(("look_up_customer",)),
        Invokes(("transcribe_call",)),
    ),
    settings=(VoiceConnectors,),
)
