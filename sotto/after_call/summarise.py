"""At the end of a contact its summary is made, stored and shown: a step of the work after a call.

It runs early, too: while a worker still holds the lease it makes a quoted summary at once, so that there is one
whatever becomes of the worker; the run that finds the whole transcript makes the one that stays, written by a model
where the tenant's deployment has one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.after_call.check.faults import objection
from sotto.after_call.extract import extracted
from sotto.after_call.stored_call import Call, FeedbackReader, LeaseReader, is_transcribed, stored_call
from sotto.call.contact import Contact, ContactReader
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.consent.kept import Consents, may_keep
from sotto.core.clock import Clock
from sotto.generation.chain import TextOutcome
from sotto.generation.citations import Checked, NotUsable
from sotto.guidance.stored_call import StoredCall
from sotto.realtime.channel import summary_message
from sotto.realtime.panel_publisher import PanelPublisher

WRITE_WITHIN_MS = 20_000.0
OPENING, LATEST = 30, 170
"""Utterances of a long call that a model reads: why the customer called, and what came of it."""
GUIDANCE_LAG_MS = 1_000
LOOKS_FOR_GUIDANCE = 5
"""Guidance on the last words is made meanwhile; what it notices and ticks belongs into the summary."""


PARTS_BY_LABEL = {
    "reason": SummaryPart.REASON,
    "fact": SummaryPart.FACT,
    "facts": SummaryPart.FACT,
    "tried": SummaryPart.TRIED,
    "promise": SummaryPart.PROMISE,
    "promises": SummaryPart.PROMISE,
    "outcome": SummaryPart.OUTCOME,
    "resolution": SummaryPart.OUTCOME,
}
"""As the template ``summary`` names them."""
NEVER_WRITTEN = frozenset({SummaryPart.DONE, SummaryPart.SENTIMENT, SummaryPart.OPEN, SummaryPart.MISSED})
IF_NOT_WRITTEN = frozenset({SummaryPart.PROMISE, SummaryPart.OUTCOME})
ORDER = (
    SummaryPart.OVERVIEW,
    SummaryPart.REASON,
    SummaryPart.FACT,
    SummaryPart.REQUEST,
    SummaryPart.TRIED,
    SummaryPart.MOMENT,
    SummaryPart.DONE,
    SummaryPart.SENTIMENT,
    SummaryPart.PROMISE,
    SummaryPart.OPEN,
    SummaryPart.MISSED,
    SummaryPart.OUTCOME,
)
"""Of a summary's parts; how it ended is always last."""


class AboutContact(Protocol):
    """A step's order, or an event."""

    @property
    def tenant(self) -> str: ...

    @property
    def contact_id(self) -> str: ...


class SummaryWriter(Protocol):
    def summary(
        self, tenant: str, utterances: Sequence[Utterance], *, timeout_ms: float
    ) -> tuple[Checked, TextOutcome]:
        """``TextOutcome.checked`` is None when no model wrote. Raises NotUsable when nothing was said."""
        ...


class SummaryChanged(Exception):
    """The summary has another version than the one that was edited."""


class Summaries(Protocol):
    def summary(self, tenant: str, contact_id: str) -> CallSummary | None: ...

    def edit(self, summary: CallSummary, *, before: CallSummary) -> CallSummary:
        """In place of ``before``, which stays beside it: the summary as it is stored, with its version. Raises
        SummaryChanged and StorageUnavailable."""
        ...

    def versions(self, tenant: str, contact_id: str) -> Sequence[CallSummary]:
        """Those that were edited, as they were before, the oldest first."""
        ...

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


def summarise_call(about: AboutContact, ports: SummaryPorts) -> CallSummary | None:
    """None when nothing was said, nothing may be kept, or a summary of as much is there: a step that runs
    twice makes no second one. Raises StorageUnavailable."""
    contact = ports.contacts.contact(about.tenant, about.contact_id)
    if contact is None or not may_keep(contact, ports.consents):
        return None
    is_live = not is_transcribed(contact, ports.leases, ports.clock)
    call = stored_call(contact, ports.calls, ports.feedback) if is_live else _when_guided(contact, ports)
    if not call.utterances or _is_there(contact, call, ports):
        return None
    made = _quoted(contact, call, ports.clock)
    written = None if is_live else _written(made, contact, call, ports)
    if not may_keep(contact, ports.consents):
        return None
    stored = ports.summaries.store(written or made)
    if stored is not None:
        ports.panel.publish([summary_message(stored)], what="summary")
    return stored


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


def _written(made: CallSummary, contact: Contact, call: Call, ports: SummaryPorts) -> CallSummary | None:
    """The same in a model's words, a line for each sentence; one that cites nothing by itself was compared with all
    that the text cites, and rests on that. A sentence that contradicts what it cites goes. What was done, left open and
    noticed is no model's to say, and a call whose end it does not tell ends in the words that are there."""
    try:
        _, outcome = ports.writer.summary(made.tenant, _read_by_a_model(call), timeout_ms=WRITE_WITHIN_MS)
    except NotUsable:
        return None
    if outcome.checked is None:
        return None
    ids = {passage.number: passage.article for passage in outcome.checked.citations}
    language = contact.language.partition("-")[0]
    checked = [
        SummaryLine(PARTS_BY_LABEL.get(each.label, SummaryPart.OVERVIEW), each.words, rests_on)
        for each in outcome.checked.sentences
        if (rests_on := tuple(ids[number] for number in each.numbers or ids if number in ids))
        and objection(each.words, [one for one in call.utterances if one.id in rests_on], language) is None
    ]
    if not checked:
        return None
    written = {line.part for line in checked}
    kept = [line for line in made.lines if line.part in NEVER_WRITTEN or line.part in IF_NOT_WRITTEN - written]
    lines = sorted((*checked, *kept), key=lambda line: ORDER.index(line.part))
    return replace(made, lines=tuple(lines), origin=Origin.MODEL, model=outcome.model or outcome.provider)


def _read_by_a_model(call: Call) -> Sequence[Utterance]:
    every = call.utterances
    return every if len(every) <= OPENING + LATEST else [*every[:OPENING], *every[-LATEST:]]
