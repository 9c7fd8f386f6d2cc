"""At the end of a contact its summary is made, stored and shown.

Two events ask for it: the conversation ended, and its transcript is complete. Whichever comes while a worker still
holds the lease makes a quoted summary at once, so that there is one whatever becomes of the worker; the other makes
the one that stays, written by a model where the tenant's deployment has one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.after_call.extract import Call, extracted
from sotto.call.annotation import Annotation
from sotto.call.contact import Contact, ContactReader
from sotto.call.events import Event
from sotto.call.feedback import Feedback
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.consent.rules import ConsentRecord, is_withdrawal
from sotto.core.clock import Clock
from sotto.generation.chain import TextOutcome
from sotto.generation.citations import Checked, NotUsable
from sotto.guidance.deliver import Conversation
from sotto.realtime.channel import summary_message
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.transcription.lease.lease import Lease

WRITE_WITHIN_MS = 20_000.0
MOST_UTTERANCES = 2_000
MOST_ANNOTATIONS = 2_000
OPENING, LATEST = 30, 170
"""Utterances of a long call that a model reads: why the customer called, and what came of it."""
GUIDANCE_LAG_MS = 1_000
LOOKS_FOR_GUIDANCE = 5
"""Guidance on the last words is made meanwhile; what it notices and ticks belongs into the summary."""


class LeaseReader(Protocol):
    def current(self, tenant: str, contact_id: str) -> Lease | None: ...


class Consents(Protocol):
    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None: ...


class StoredCall(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]: ...

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]: ...

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None: ...


class FeedbackReader(Protocol):
    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]: ...


class SummaryWriter(Protocol):
    def summary(
        self, tenant: str, utterances: Sequence[Utterance], *, timeout_ms: float
    ) -> tuple[Checked, TextOutcome]:
        """``TextOutcome.checked`` is None when no model wrote. Raises NotUsable when nothing was said."""
        ...


class Summaries(Protocol):
    def summary(self, tenant: str, contact_id: str) -> CallSummary | None: ...

    def store(self, summary: CallSummary) -> CallSummary | None:
        """The summary as it is stored, with its version; None when the one that is there rests on more. Raises
        StorageUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class SummaryPorts:
    """``wait``: for so many milliseconds."""

    contacts: ContactReader
    leases: LeaseReader
    consents: Consents
    calls: StoredCall
    feedback: FeedbackReader
    writer: SummaryWriter
    summaries: Summaries
    panel: PanelPublisher
    clock: Clock
    wait: Callable[[float], None]


def summarise_call(ended: Event, ports: SummaryPorts) -> CallSummary | None:
    """None when nothing was said, nothing may be kept, or a summary of as much is there: an event that comes twice
    makes no second one. Raises StorageUnavailable."""
    contact = ports.contacts.contact(ended.tenant, ended.contact_id)
    if contact is None or _is_withdrawn(contact, ports):
        return None
    is_live = _is_live(contact, ports)
    call = stored_call(contact, ports.calls, ports.feedback) if is_live else _when_guided(contact, ports)
    if not call.utterances or _is_there(contact, call, ports):
        return None
    made = _quoted(contact, call, ports.clock)
    written = None if is_live else _written(made, call, ports)
    if _is_withdrawn(contact, ports):
        return None
    stored = ports.summaries.store(written or made)
    if stored is not None:
        ports.panel.publish([summary_message(stored)], what="summary")
    return stored


def stored_call(contact: Contact, calls: StoredCall, feedback: FeedbackReader) -> Call:
    key = (contact.tenant, contact.contact_id)
    conversation = calls.conversation(*key)
    return Call(
        utterances=calls.utterances(*key, 0, MOST_UTTERANCES),
        annotations=calls.annotations(*key, 0, MOST_ANNOTATIONS),
        checklist=conversation.checklist if conversation else (),
        followed={each.annotation_id for each in feedback.feedback(*key) if each.acknowledged_at_ms is not None},
    )


def _is_withdrawn(contact: Contact, ports: SummaryPorts) -> bool:
    """Asked again just before it is stored: what is written meanwhile must not outlive the erasure."""
    latest = ports.consents.latest(contact.tenant, contact.contact_id)
    return latest is not None and is_withdrawal(latest) and latest.drop_kept


def _is_live(contact: Contact, ports: SummaryPorts) -> bool:
    lease = ports.leases.current(contact.tenant, contact.contact_id)
    return lease is not None and not lease.is_released and lease.expires_at_ms > ports.clock.now_ms()


def _when_guided(contact: Contact, ports: SummaryPorts) -> Call:
    for _ in range(LOOKS_FOR_GUIDANCE):
        conversation = ports.calls.conversation(contact.tenant, contact.contact_id)
        done = conversation.state.done_seq if conversation else 0
        if not ports.calls.utterances(contact.tenant, contact.contact_id, done, 1):
            break
        ports.wait(GUIDANCE_LAG_MS)
    return stored_call(contact, ports.calls, ports.feedback)


def _is_there(contact: Contact, call: Call, ports: SummaryPorts) -> bool:
    """A model is not asked twice about the same words."""
    known = ports.summaries.summary(contact.tenant, contact.contact_id)
    last = call.utterances[-1].seq
    return known is not None and known.origin is Origin.MODEL and known.through_seq >= last


def _quoted(contact: Contact, call: Call, clock: Clock) -> CallSummary:
    last = call.utterances[-1]
    return CallSummary(
        contact.tenant,
        contact.contact_id,
        extracted(call),
        Origin.QUOTED,
        model="",
        through_seq=last.seq,
        made_at_ms=int(clock.now_ms()),
        made_at_call_ms=last.end_ms,
    )


def _written(made: CallSummary, call: Call, ports: SummaryPorts) -> CallSummary | None:
    """The same in a model's words, a line for each sentence; one that cites nothing by itself was compared with all
    that the text cites, and rests on that. What was left open is no model's to say."""
    try:
        _, outcome = ports.writer.summary(made.tenant, _read_by_a_model(call), timeout_ms=WRITE_WITHIN_MS)
    except NotUsable:
        return None
    if outcome.checked is None:
        return None
    ids = {passage.number: passage.article for passage in outcome.checked.citations}
    sentences = [
        SummaryLine(
            SummaryPart.OVERVIEW, each.words, tuple(ids[number] for number in each.numbers or ids if number in ids)
        )
        for each in outcome.checked.sentences
    ]
    left_open = [line for line in made.lines if line.part in (SummaryPart.OPEN, SummaryPart.MISSED)]
    return replace(made, lines=(*sentences, *left_open), origin=Origin.MODEL, model=outcome.model or outcome.provider)


def _read_by_a_model(call: Call) -> Sequence[Utterance]:
    every = call.utterances
    return every if len(every) <= OPENING + LATEST else [*every[:OPENING], *every[-LATEST:]]
