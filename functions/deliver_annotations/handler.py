"""Invoked by the state machine after each wave, and by the audio worker as call time passes."""

from __future__ import annotations

from typing import Any

from sotto.call.live import read_as
from sotto.core.once import once
from sotto.guidance.deliver import DELIVERY, NEXT_WAVE, DeliverPorts, deliver
from sotto.wiring.guidance import deliver_ports
from sotto.wiring.observed import observed


@once
def ports() -> DeliverPorts:
    return deliver_ports()


@observed
def handler(event: Any, context: Any) -> dict[str, Any]:
    next_wave = deliver(read_as(DELIVERY, event), ports())
    return {"next_wave": NEXT_WAVE.dump_python(next_wave, mode="json")}
