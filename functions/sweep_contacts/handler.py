"""Invoked every minute, and with ``transcript.completed`` when the audio of a contact has ended."""

from __future__ import annotations

from typing import Any

from functions.sweep_contacts.function import FUNCTION
from sotto.call.envelope import event_from
from sotto.call.events import TranscriptCompleted
from sotto.contacts.sweep import end_with_audio, sweep
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    log = sotto.logger("sweep_contacts")
    if isinstance(event, dict) and "detail" in event:
        completed = event_from(event)
        assert isinstance(completed, TranscriptCompleted)
        if end_with_audio(completed, sotto.sweep_ports) is not None:
            log.info("contact ended with its audio")
        return
    swept = sweep(sotto.swept_tenants, sotto.sweep_ports)
    log.info("contacts swept", extra={"seen": swept.seen, "asked": swept.asked, "changed": swept.changed})
