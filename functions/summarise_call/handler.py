"""Subscribes to ``transcript.completed`` and ``conversation.ended``."""

from __future__ import annotations

from typing import Any

from sotto.after_call.summarise import SummaryPorts, summarise_call
from sotto.call.envelope import event_from
from sotto.core.once import once
from sotto.wiring.delivery import summary_ports
from sotto.wiring.observed import observed
from sotto.wiring.process import logger

log = logger("summarise_call")


@once
def ports() -> SummaryPorts:
    return summary_ports()


@observed
def handler(event: Any, context: Any) -> None:
    made = summarise_call(event_from(event), ports())
    if made is not None:
        log.info("summary made", extra={"origin": made.origin.value, "lines": len(made.lines)})
