"""The audio worker: invoked asynchronously, once per contact and once per handover; runs until the call ends."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

from sotto import wiring
from sotto.contact.worker_order import WorkerOrder
from sotto.speech.transcription import transcribe

log = wiring.logger("transcribe_call")


@cache
def ports() -> wiring.WorkerPorts:
    return wiring.worker_ports()


def handler(event: Any, context: Any) -> dict[str, Any]:
    order = WorkerOrder.parsed(event)
    contact = ports().contacts.contact(order.tenant, order.contact_id)
    if contact is None:
        return {"how": "unknown-contact"}
    assignment = ports().assignment(order, context)
    outcome = asyncio.run(transcribe(contact, assignment, ports().transcription(contact)))
    log.info("worker ended", extra={"how": outcome.how, "generation": outcome.generation})
    return {"how": outcome.how, "generation": outcome.generation, "utterances": outcome.utterances}
