"""Every minute: each tenant's open requests as far as the time goes; once in an hour its held contacts and what is
over, which takes a listing of all that it keeps. Invoked with ``{"tenant": ...}``, all of it for one tenant, at once.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

from pydantic import BaseModel, ConfigDict, TypeAdapter

from functions.run_erasure.function import FUNCTION
from sotto.core.tenant_by_tenant import tenant_by_tenant
from sotto.core.validation import read_event
from sotto.erasure.expire import expire
from sotto.erasure.hold import keep_lifted
from sotto.erasure.run import run_open
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

MINUTE_MS = 60_000
LEFT_MS = 30_000
"""An eraser is begun with so much time left."""


class Order(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    tenant: str | None = None


_ORDER = TypeAdapter(Order)


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    order = read_event(_ORDER, event, "a tenant to look through, or empty")
    log = sotto.logger("run_erasure")
    until_ms = sotto.clock.monotonic_ms() + FUNCTION.timeout_s * 1000 - LEFT_MS

    def looked_through(tenant: str) -> None:
        ran = run_open(tenant, sotto.run_erasure_ports, may_go_on=lambda: sotto.clock.monotonic_ms() < until_ms)
        lifted = over = 0
        if order.tenant is not None or is_minute_of(tenant, sotto.clock.now_ms()):
            lifted, over = keep_lifted(tenant, sotto.hold_ports), expire(tenant, sotto.expire_ports)
        if ran.contacts or lifted or over:
            counts = {"contacts": ran.contacts, "done": ran.done, "held": ran.held, "lifted": lifted, "expired": over}
            log.info("erasures run", extra=counts)

    tenant_by_tenant(
        sotto.swept_tenants if order.tenant is None else (order.tenant,),
        looked_through,
        lambda error: log.warning("erasure interrupted", extra={"error": type(error).__name__}),
    )


def is_minute_of(tenant: str, now_ms: float) -> bool:
    """One minute of each hour is the tenant's, so that not all of them have the same."""
    return int(now_ms // MINUTE_MS) % 60 == crc32(tenant.encode()) % 60
