"""What is published to the agent's screen, and what the rest of Sotto asks of the channel that carries it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from sotto.call.after_call_work import AfterCallWork
from sotto.call.annotation import Annotation, Checklist, ChecklistItem
from sotto.call.contact import Contact
from sotto.call.summary import CallSummary
from sotto.call.supervisor_note import SupervisorNote
from sotto.call.utterance import Utterance
from sotto.core.errors import Degraded, Rejected


class ChannelUnavailable(Degraded):
    """The message did not reach the channel. What is stored is not lost: the panel fills its gaps by query."""


class PanelUnreachable(ChannelUnavailable):
    """The channel works, and some panel did not take the message: it reads too slowly."""


class MessageTooLarge(Rejected):
    """The channel would drop this message without a word; shorten what it shows."""


class MessageKind(StrEnum):
    INTERIM = "INTERIM"
    UTTERANCE = "UTTERANCE"
    ANNOTATION = "ANNOTATION"
    CHECKLIST = "CHECKLIST"
    CONTACT = "CONTACT"
    HEALTH = "HEALTH"
    SUMMARY = "SUMMARY"
    HANDOVER_NOTE = "HANDOVER_NOTE"
    SUPERVISOR_NOTE = "SUPERVISOR_NOTE"
    AFTER_CALL = "AFTER_CALL"


class HealthState(StrEnum):
    OK = "OK"
    DELAYED = "DELAYED"
    OFF = "OFF"


@dataclass(frozen=True, slots=True)
class Health:
    """How well Sotto serves a contact. ``part``: audio, recogniser, redaction or guidance. ``reason`` never quotes the
    call."""

    state: HealthState
    part: str
    reason: str | None = None


Body = (
    Utterance | Annotation | tuple[ChecklistItem, ...] | Contact | Health | CallSummary | SupervisorNote | AfterCallWork
)


@dataclass(frozen=True, slots=True)
class PanelMessage:
    """One thing that happened on a contact; ``kind`` decides the type of ``body``. ``at_ms`` is call time.

    ``seq``: the utterance's or annotation's own; for a checklist, a contact, a summary, a note or after-call work the
    version of that state, so that an older one that comes late can be ignored; else 0. Guidance of one round is one
    message of its last annotation: ``before`` are those that come before it in number, ``checklist`` is the state after
    the round. A panel that knows neither notices the hole in the numbers and asks.
    """

    tenant: str
    contact_id: str
    kind: MessageKind
    seq: int
    at_ms: int
    body: Body
    before: tuple[Annotation, ...] = ()
    checklist: Checklist | None = None


class AssignmentState(StrEnum):
    ASSIGNED = "ASSIGNED"
    RELEASED = "RELEASED"
    SHARED = "SHARED"
    """A coach shared a moment of it, which is asked for; whose contact it is stays as it is."""


@dataclass(frozen=True, slots=True)
class AgentAssignment:
    """A contact came to an agent or left, or a moment of it was shared with them. ``agent`` is notified; after a
    transfer it is not ``contact.agent``."""

    agent: str
    state: AssignmentState
    contact: Contact


class PanelChannel(Protocol):
    """The way to the agents' screens. Both calls block until the channel has accepted everything.

    Raise ChannelUnavailable, or MessageTooLarge after everything that fits has been sent.
    """

    def publish(self, messages: Sequence[PanelMessage]) -> None:
        """Publish to whoever follows the messages' contacts, in this order."""
        ...

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        """Publish to agents what came to them and what left."""
        ...


def utterance_message(utterance: Utterance, *, at_ms: int) -> PanelMessage:
    """An interim or a final, as ``utterance.is_final`` says."""
    kind = MessageKind.UTTERANCE if utterance.is_final else MessageKind.INTERIM
    return PanelMessage(utterance.tenant, utterance.contact_id, kind, utterance.seq, at_ms, utterance)


def annotation_message(annotation: Annotation, *, at_ms: int) -> PanelMessage:
    return PanelMessage(
        annotation.tenant, annotation.contact_id, MessageKind.ANNOTATION, annotation.seq, at_ms, annotation
    )


def guidance_message(annotations: Sequence[Annotation], checklist: Checklist | None) -> PanelMessage:
    """All of a round's at once; there is at least one annotation."""
    *before, last = annotations
    return replace(annotation_message(last, at_ms=last.at_ms), before=tuple(before), checklist=checklist)


def checklist_message(checklist: Checklist) -> PanelMessage:
    """The whole checklist, not a change to it."""
    key = (checklist.tenant, checklist.contact_id)
    return PanelMessage(*key, MessageKind.CHECKLIST, checklist.version, checklist.at_ms, checklist.items)


def contact_message(contact: Contact, *, at_ms: int) -> PanelMessage:
    return PanelMessage(contact.tenant, contact.contact_id, MessageKind.CONTACT, contact.version, at_ms, contact)


def health_message(tenant: str, contact_id: str, health: Health, *, at_ms: int) -> PanelMessage:
    return PanelMessage(tenant, contact_id, MessageKind.HEALTH, 0, at_ms, health)


def summary_message(summary: CallSummary) -> PanelMessage:
    kind, at_ms = MessageKind.SUMMARY, summary.made_at_call_ms
    return PanelMessage(summary.tenant, summary.contact_id, kind, summary.version, at_ms, summary)


def handover_note_message(note: CallSummary) -> PanelMessage:
    """For the agent who gets the customer from another one."""
    kind = MessageKind.HANDOVER_NOTE
    return PanelMessage(note.tenant, note.contact_id, kind, note.version, note.made_at_call_ms, note)


def after_call_message(work: AfterCallWork, *, at_ms: int) -> PanelMessage:
    return PanelMessage(work.tenant, work.contact_id, MessageKind.AFTER_CALL, work.version, at_ms, work)


def supervisor_note_message(note: SupervisorNote, *, at_ms: int) -> PanelMessage:
    kind = MessageKind.SUPERVISOR_NOTE
    return PanelMessage(note.tenant, note.contact_id, kind, note.version, at_ms, note)
