"""Invoked every few minutes, for all tenants of the cell."""

from __future__ import annotations

from typing import Any

from functions.evaluate_alerts.function import FUNCTION
from sotto.alerts.deliver import deliver_due
from sotto.alerts.evaluate import evaluate
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    for tenant in sotto.swept_tenants:
        done = evaluate(tenant, sotto.evaluate_alert_ports)
        sent = deliver_due(tenant, sotto.deliver_alert_ports)
        extra = {"rules": done.rules, "raised": done.raised, "sendings": sent}
        sotto.logger("evaluate_alerts").info("rules evaluated", extra=extra)
