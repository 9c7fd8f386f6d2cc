"""Subscribes to ``conversation.erased``."""

from __future__ import annotations

from typing import Any

from functions.erase_recordings.function import FUNCTION
from sotto.call.envelope import event_from
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    erased = event_from(event)
    objects = sotto.kept_recordings.erase(erased.tenant, erased.contact_id)
    sotto.logger("erase_recordings").info("recordings erased", extra={"objects": objects})
