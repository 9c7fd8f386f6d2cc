"""Invoked by the default bus with what Voice Connectors say of their streams."""

from __future__ import annotations

from typing import Any

from functions.follow_siprec.function import FUNCTION
from sotto.contacts.siprec.follow import follow_siprec
from sotto.sources.siprec.streaming_event import StreamingEvent
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    follow_siprec(StreamingEvent.parsed(event), sotto.siprec_ports)
