"""Invoked every few minutes, for all tenants of the cell."""

from __future__ import annotations

from typing import Any

from functions.write_facts.function import FUNCTION
from sotto.analytics.days.write import write_days
from sotto.core.tenant_by_tenant import tenant_by_tenant
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

BUDGET_MS = 600_000
"""To begin another day in; the largest fits into the rest."""


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    until_ms = sotto.clock.now_ms() + BUDGET_MS
    log = sotto.logger("write_facts")

    def filed(tenant: str) -> None:
        for written in write_days(tenant, sotto.write_fact_ports, until_ms=until_ms):
            log.info("day written", extra={"day": written.day, "conversations": written.conversations})

    tenant_by_tenant(
        sotto.swept_tenants,
        filed,
        lambda error: log.warning("days not written", extra={"error": type(error).__name__}),
    )
