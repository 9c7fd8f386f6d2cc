"""A step of the state machine ``after_call``: StepOrder in, StepOutcome out. Besides it subscribes to what changes a
call that is filed, and runs every few minutes."""

from __future__ import annotations

from typing import Any

from functions.file_conversation.function import FUNCTION
from sotto.call.after_call_work import StepOutcome, answer, order_from
from sotto.call.envelope import event_from, is_ours
from sotto.call.filing import FilingState
from sotto.core.tenant_by_tenant import Troubles
from sotto.filing.file_conversation import file_conversation
from sotto.filing.outcomes import poll_outcomes
from sotto.filing.settle import settle
from sotto.filing.sweep import sweep
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

SWEEP_MS, POLL_MS = 150_000, 60_000
"""For all tenants together; one request more, timed out at its worst, fits into the rest."""


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, str] | None:
    if event == {}:
        began_ms = sotto.clock.monotonic_ms()
        log, troubles = sotto.logger("file_conversation"), Troubles()
        with troubles.of_one():
            swept = sweep(sotto.swept_tenants, sotto.filing_ports, until_ms=began_ms + SWEEP_MS)
            log.info("filings swept", extra={"due": swept.due, "filed": swept.filed})
        with troubles.of_one():
            taken = poll_outcomes(sotto.swept_tenants, sotto.outcome_ports, until_ms=began_ms + SWEEP_MS + POLL_MS)
            log.info("outcomes taken", extra={"outcomes": taken})
        troubles.raise_first()
        return None
    if is_ours(event):
        settle(event_from(event), sotto.filing_ports, sotto.erase_filed_ports)
        return None
    order = order_from(event)
    states = {row.state for row in file_conversation(order.tenant, order.contact_id, sotto.filing_ports)}
    if FilingState.FAILED in states:
        return answer(StepOutcome.FAILED)
    if FilingState.PENDING in states:
        return answer(StepOutcome.PENDING)  # the schedule goes on with it
    return answer(StepOutcome.DONE if states else StepOutcome.NOTHING)
