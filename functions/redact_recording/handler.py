"""A step of the state machine ``after_call``: StepOrder in, StepOutcome out."""

from __future__ import annotations

from typing import Any

from functions.redact_recording.function import FUNCTION
from sotto.call.after_call_work import answer, order_from
from sotto.recordings.redact import redact_recordings
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, str]:
    return answer(redact_recordings(order_from(event), sotto.redact_ports))
