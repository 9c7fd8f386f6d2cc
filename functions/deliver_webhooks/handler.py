"""An event of the bus, or every minute an empty one: then what is due is sent."""

from __future__ import annotations

from typing import Any

from functions.deliver_webhooks.function import FUNCTION
from sotto.call.envelope import event_from
from sotto.webhooks.send import accept, sweep
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

SWEEP_MS = 240_000
"""Of the function's 300 s: an attempt that began goes on."""


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    if event == {}:
        until_ms = sotto.clock.monotonic_ms() + SWEEP_MS
        attempted = sweep(sotto.signed_tenants, sotto.webhook_send_ports, until_ms=until_ms)
        sotto.logger("deliver_webhooks").info("webhooks swept", extra={"attempted": attempted})
        return
    accept(event_from(event), sotto.webhook_send_ports)
