"""Transcription within the bounds of consent: the tenant's rule, what was decided before, and what is said about it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.contact import Contact
from sotto.consent.at_start import ConsentLog
from sotto.consent.gate import ConsentGate, ConsentWithdrawn, SpokenDecision, is_final_refusal, standing
from sotto.consent.rules import record_of
from sotto.core.clock import Clock
from sotto.tenants.consent_rule import ConsentRule
from sotto.transcription.ending import cause_of
from sotto.transcription.ports import TranscriptionPorts, WorkerAssignment, WorkerOutcome
from sotto.transcription.worker import transcribe

IN_FLIGHT_MS = 20_000
"""Guidance that was asked for before a refusal is written within this time; then it is dropped too."""
DECISIONS_WAITING = 16


class StoredText(Protocol):
    def drop(self, tenant: str, contact_id: str) -> int:
        """Delete what was said in a call and what was made of it; how many items. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class ConsentPorts:
    rule: Callable[[str], ConsentRule]
    log: ConsentLog
    kept: StoredText
    clock: Clock


Transcribe = Callable[[Contact, WorkerAssignment, TranscriptionPorts], Awaitable[WorkerOutcome]]


async def transcribe_with_consent(
    contact: Contact,
    order: WorkerAssignment,
    ports: TranscriptionPorts,
    consent: ConsentPorts,
    transcribing: Transcribe = transcribe,
) -> WorkerOutcome:
    """``transcribe``, as far as it is allowed. The outcome is ``refused`` after a refusal, this worker's or an earlier
    one's; a successor or a retry listens no more."""
    rule = await asyncio.to_thread(consent.rule, contact.tenant)
    latest = await asyncio.to_thread(consent.log.latest, contact.tenant, contact.contact_id)
    decision, allowed_from_ms = standing(latest, rule)
    if is_final_refusal(decision):
        return WorkerOutcome("refused", order.generation)
    records = _Records(contact, consent)

    def guarded(of: Contact) -> ConsentGate:
        inner = ports.redactor(of)
        return ConsentGate(
            inner,
            rule,
            decision,
            allowed_from_ms=allowed_from_ms,
            on_consent=records.later,
            alarm=ports.redaction_alarm(of.tenant),
        )

    try:
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(records.write())
            outcome = await transcribing(contact, order, replace(ports, redactor=guarded))
            await records.written()
            writing.cancel()
        return outcome
    except BaseExceptionGroup as group:
        withdrawn = _withdrawal(group)
        if withdrawn is None:
            # As in ``transcribe``: Lambda reports a class and a message, and a group's say nothing.
            raise cause_of(group) from group
    await _honour(withdrawn, contact, consent, records)
    return WorkerOutcome("refused", order.generation)


async def _honour(spoken: SpokenDecision, contact: Contact, consent: ConsentPorts, records: _Records) -> None:
    """Recorded first: whatever happens then, no other worker goes on listening."""
    await asyncio.to_thread(records.record, spoken)
    if not spoken.decision.drop_kept:
        return
    await asyncio.to_thread(consent.kept.drop, contact.tenant, contact.contact_id)
    await consent.clock.sleep_ms(IN_FLIGHT_MS)
    await asyncio.to_thread(consent.kept.drop, contact.tenant, contact.contact_id)


def _withdrawal(group: BaseExceptionGroup[BaseException]) -> SpokenDecision | None:
    """The refusal among what ended the transcription; other errors of the same moment do not matter any more."""
    found = group.subgroup(ConsentWithdrawn)
    while found is not None:
        inner = found.exceptions[0]
        if isinstance(inner, ConsentWithdrawn):
            return inner.spoken
        found = inner if isinstance(inner, BaseExceptionGroup) else None
    return None


class _Records:
    """Decisions of this call on their way into the audit trail, written from a thread while the audio goes on."""

    def __init__(self, contact: Contact, consent: ConsentPorts) -> None:
        self._contact = contact
        self._consent = consent
        self._waiting: asyncio.Queue[SpokenDecision] = asyncio.Queue(DECISIONS_WAITING)

    def later(self, spoken: SpokenDecision) -> None:
        self._waiting.put_nowait(spoken)

    def record(self, spoken: SpokenDecision) -> None:
        self._consent.log.record(
            record_of(
                spoken.decision,
                tenant=self._contact.tenant,
                contact_id=self._contact.contact_id,
                decided_at_ms=int(self._consent.clock.now_ms()),
                speaker=spoken.speaker,
                call_time_ms=spoken.call_ms,
            )
        )

    async def write(self) -> None:
        while True:
            spoken = await self._waiting.get()
            await asyncio.to_thread(self.record, spoken)
            self._waiting.task_done()

    async def written(self) -> None:
        await self._waiting.join()
