"""Invoked every few minutes, for all tenants of the cell."""

from __future__ import annotations

from typing import Any

from functions.evaluate_alerts.function import FUNCTION
from sotto.alerts.deliver import deliver_due
from sotto.alerts.evaluate import evaluate
from sotto.core.tenant_by_tenant import tenant_by_tenant
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    log = sotto.logger("evaluate_alerts")

    def looked_after(tenant: str) -> None:
        done = evaluate(tenant, sotto.evaluate_alert_ports)
        sent = deliver_due(tenant, sotto.deliver_alert_ports)
        log.info("rules evaluated", extra={"rules": done.rules, "raised": done.raised, "sendings": sent})

    tenant_by_tenant(
        sotto.swept_tenants,
        looked_after,
        lambda error: log.warning("rules not evaluated", extra={"error": type(error).__name__}),
    )
