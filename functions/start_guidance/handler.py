"""Invoked by a contact flow. Whatever happens, the flow gets a flat map of strings and the call goes on."""

from __future__ import annotations

from typing import Any

from sotto.contacts.start import StartPorts, start_guidance, unavailable
from sotto.core.metrics.measure import GUIDANCE_ASKED
from sotto.core.once import once
from sotto.wiring.contact import start_ports
from sotto.wiring.observed import observed
from sotto.wiring.process import logger, metrics

log = logger("start_guidance")


@once
def ports() -> StartPorts:
    return start_ports()


@observed
def handler(event: Any, context: Any) -> dict[str, str]:
    try:
        answer = start_guidance(event, ports())
    except Exception as error:  # the last line of defence between a fault of ours and a caller on the line
        log.error("guidance could not be started", extra={"error": type(error).__name__})
        answer = unavailable("internal-error")
    metrics().add(GUIDANCE_ASKED, outcome=answer.guidance)
    log.info("guidance asked for", extra={"guidance": answer.guidance})
    return answer.as_string_map()
