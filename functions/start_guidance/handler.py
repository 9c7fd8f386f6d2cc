"""Invoked by a contact flow. Whatever happens, the flow gets a flat map of strings and the call goes on."""

from __future__ import annotations

from typing import Any

from functions.start_guidance.function import FUNCTION
from sotto.contacts.start import start_guidance, unavailable
from sotto.core.metrics.measure import GUIDANCE_ASKED
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, str]:
    log = sotto.logger("start_guidance")
    try:
        answer = start_guidance(event, sotto.start_ports)
    except Exception as error:  # the last line of defence between a fault of ours and a caller on the line
        log.error("guidance could not be started", extra={"error": type(error).__name__})
        answer = unavailable("internal-error")
    sotto.metrics.add(GUIDANCE_ASKED, outcome=answer.guidance)
    log.info("guidance asked for", extra={"guidance": answer.guidance})
    return answer.as_string_map()
