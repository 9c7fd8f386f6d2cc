"""The audio worker: invoked asynchronously, once per contact and once per handover; runs until the call ends."""

from __future__ import annotations

import asyncio
from typing import Any

from sotto.call.live import WorkerOrder, invocation_from
from sotto.core.once import once
from sotto.transcription.worker import transcribe
from sotto.wiring.observed import observed
from sotto.wiring.process import logger
from sotto.wiring.speech import WorkerPorts, worker_ports

log = logger("transcribe_call")


@once
def ports() -> WorkerPorts:
    return worker_ports()


@observed
def handler(event: Any, context: Any) -> dict[str, Any]:
    order = invocation_from(event, WorkerOrder)
    contact = ports().contacts.contact(order.tenant, order.contact_id)
    if contact is None:
        return {"how": "unknown-contact"}
    assignment = ports().assignment(order, context)
    outcome = asyncio.run(transcribe(contact, assignment, ports().transcription(contact)))
    log.info("worker ended", extra={"how": outcome.how, "generation": outcome.generation})
    return {"how": outcome.how, "generation": outcome.generation, "utterances": outcome.utterances}
