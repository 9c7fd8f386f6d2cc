"""Invoked by the state machine after each wave, and by the audio worker as call time passes."""

from __future__ import annotations

from typing import Any

from functions.deliver_annotations.function import FUNCTION
from sotto.call.live import read_as
from sotto.guidance.deliver import DELIVERY, NEXT_WAVE, deliver
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION, ready=lambda sotto: sotto.deliver_ports(FUNCTION.name))
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, Any]:
    next_wave = deliver(read_as(DELIVERY, event), sotto.deliver_ports(FUNCTION.name))
    return {"next_wave": NEXT_WAVE.dump_python(next_wave, mode="json")}
