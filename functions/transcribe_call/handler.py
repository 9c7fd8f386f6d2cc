"""The audio worker: invoked asynchronously, once per contact and once per handover; runs until the call ends."""

from __future__ import annotations

import asyncio
from typing import Any

from functions.transcribe_call.function import FUNCTION
from sotto.call.live import WorkerOrder, invocation_from
from sotto.transcription.worker import transcribe
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> dict[str, Any]:
    order, ports = invocation_from(event, WorkerOrder), sotto.worker_ports
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    if contact is None:
        return {"how": "unknown-contact"}
    assignment = ports.assignment(order, context)
    outcome = asyncio.run(transcribe(contact, assignment, ports.transcription(contact)))
    ended = {"how": outcome.how, "generation": outcome.generation}
    sotto.logger("transcribe_call").info("worker ended", extra=ended)
    return {**ended, "utterances": outcome.utterances}
