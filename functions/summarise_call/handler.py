"""Invoked asynchronously when a contact ends and when its audio was heard to the end."""

from __future__ import annotations

from typing import Any

from sotto.after_call.summarise import SummaryOrder, SummaryPorts, summarise_call
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
    made = summarise_call(SummaryOrder.parsed(event), ports())
    if made is not None:
        log.info("summary made", extra={"origin": made.origin.value, "lines": len(made.lines)})
