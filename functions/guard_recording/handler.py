"""Invoked by the audio worker with a RecordingOrder, and every minute for what is overdue."""

from __future__ import annotations

from typing import Any

from functions.guard_recording.function import FUNCTION
from sotto.call.live import RecordingOrder, invocation_from
from sotto.recordings.suspension.guard import guard_recording, resume_overdue
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    log = sotto.logger("guard_recording")
    if isinstance(event, dict) and "tenant" in event:
        order = invocation_from(event, RecordingOrder)
        answer = guard_recording(order, sotto.guard_ports)
        log.info("recording guarded", extra={"action": order.action.value, "outcome": answer.value})
    elif overdue := resume_overdue(sotto.swept_tenants, sotto.guard_ports):
        log.warning("recordings resumed that were overdue", extra={"recordings": overdue})
