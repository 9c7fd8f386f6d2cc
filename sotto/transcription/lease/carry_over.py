"""What a contact begins with that follows another one of its conversation.

What the redactor expected (a card number was asked for, and comes after the transfer), and, where the audio goes on in
one stream, the sample at which the worker of the contact before has stopped: from there to the next sample nothing is
lost, and nothing is transcribed twice.
"""

from __future__ import annotations

import asyncio

from sotto.call.contact import Contact
from sotto.core.clock import Clock
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.media.timeline import Resumption
from sotto.transcription.lease.lease import Checkpoint, Lease, Leases

LOOK_AGAIN_MS = 500
PATIENCE_MS = 60_000
"""The worker before learns of its contact's end within seconds; one that does not is not waited for any longer."""
_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000


async def carried_over(contact: Contact, leases: Leases, clock: Clock) -> Checkpoint:
    """The checkpoint to begin with. Raises Retryable."""
    if contact.previous_contact_id is None:
        return Checkpoint()
    held = await _when_over(contact, leases, clock) if contact.continues else await _lease_before(contact, leases)
    if held is None:
        return Checkpoint()
    resumption = Resumption(_first_sample(contact, held)) if contact.continues else Resumption()
    return Checkpoint(resumption=resumption, redactor_memory=held.checkpoint.redactor_memory)


async def _when_over(contact: Contact, leases: Leases, clock: Clock) -> Lease | None:
    give_up_at_ms = clock.monotonic_ms() + PATIENCE_MS
    while True:
        held = await _lease_before(contact, leases)
        over = held is None or held.is_released or held.expires_at_ms < clock.now_ms()
        if over or clock.monotonic_ms() >= give_up_at_ms:
            return held
        await clock.sleep_ms(LOOK_AGAIN_MS)


async def _lease_before(contact: Contact, leases: Leases) -> Lease | None:
    assert contact.previous_contact_id is not None
    return await asyncio.to_thread(leases.current, contact.tenant, contact.previous_contact_id)


def _first_sample(contact: Contact, before: Lease) -> int:
    """Both call times count from the producer's clock, each from its own zero."""
    if contact.previous_started_at_ms is None:
        return 0
    stopped = before.checkpoint.received_ms * _SAMPLES_A_MS + before.checkpoint.resumption.shift
    return max(0, stopped - (contact.media_started_at_ms - contact.previous_started_at_ms) * _SAMPLES_A_MS)
