"""What is settled about a conversation: the catalogue of events that consumers may subscribe to.

An event says that a record was written, and which one: never what it holds. Whoever consumes it reads the record as the
tenant. It is stored in the record's own transaction, delivered at least once, late or out of order, and has the same
``id`` however often it is written or delivered: consumers are idempotent.

All events have the same fields, so that a pipe can copy them one by one: ``record`` names the record within the
conversation, ``number`` is the number that it has there. What both are is said at each type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from sotto.call.after_call_work import AfterCallWork
from sotto.call.annotation import Annotation
from sotto.call.contact import Contact
from sotto.call.contact_facts import ContactFacts
from sotto.call.correction import Correction
from sotto.call.feedback import FeedbackEntry
from sotto.call.review import Review
from sotto.call.sketch import CallSketch
from sotto.call.summary import CallSummary
from sotto.call.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Event:
    """``occurred_at_ms``: Unix epoch. A change that an old consumer would misread gets a new ``VERSION``."""

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1

    tenant: str
    contact_id: str
    record: str
    number: int
    occurred_at_ms: int

    @property
    def name(self) -> str:
        """Unique within the conversation."""
        return f"{self.TYPE}#{self.record}#{self.number}"

    @property
    def id(self) -> str:
        """The idempotency key."""
        return f"{self.tenant}#{self.contact_id}#{self.name}"

    @classmethod
    def _of_contact(cls, contact: Contact, at_ms: float) -> Self:
        return cls(contact.tenant, contact.contact_id, "contact", contact.version, int(at_ms))


@dataclass(frozen=True, slots=True)
class ConversationStarted(Event):
    """A contact is recorded and may be listened to. ``number``: its version."""

    TYPE: ClassVar[str] = "conversation.started"

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """It began with its media."""
        return cls._of_contact(contact, contact.media_started_at_ms)


@dataclass(frozen=True, slots=True)
class AgentConnected(Event):
    """An agent has the contact: the first one, or another after a transfer. ``number``: the contact's version."""

    TYPE: ClassVar[str] = "agent.connected"

    @classmethod
    def of(cls, contact: Contact, *, at_ms: float) -> Self:
        return cls._of_contact(contact, at_ms)


@dataclass(frozen=True, slots=True)
class ConversationEnded(Event):
    """Connect says that the contact is over; its last words may still be on their way. ``number``: its version."""

    TYPE: ClassVar[str] = "conversation.ended"

    @classmethod
    def of(cls, contact: Contact, *, at_ms: float) -> Self:
        return cls._of_contact(contact, at_ms)


@dataclass(frozen=True, slots=True)
class UtteranceCommitted(Event):
    """``record``: the utterance's id; ``number``: its sequence number."""

    TYPE: ClassVar[str] = "utterance.committed"

    @classmethod
    def of(cls, utterance: Utterance, *, at_ms: float) -> Self:
        return cls(utterance.tenant, utterance.contact_id, utterance.id, utterance.seq, int(at_ms))


@dataclass(frozen=True, slots=True)
class TranscriptCompleted(Event):
    """The audio, or the source's text, was transcribed to its end. ``number``: the last utterance's, 0 without one."""

    TYPE: ClassVar[str] = "transcript.completed"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, last_seq: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, "transcript", last_seq, int(at_ms))


@dataclass(frozen=True, slots=True)
class SummaryReady(Event):
    """A summary is stored, the first or one that replaces it. ``number``: its version."""

    TYPE: ClassVar[str] = "summary.ready"

    @classmethod
    def of(cls, summary: CallSummary) -> Self:
        return cls(summary.tenant, summary.contact_id, "summary", summary.version, summary.made_at_ms)


@dataclass(frozen=True, slots=True)
class DispositionSuggested(Event):
    """A code of the tenant's is likely enough to be suggested. ``record``: the code; ``number``: the version of the
    after-call work that holds it."""

    TYPE: ClassVar[str] = "disposition.suggested"

    @classmethod
    def of(cls, work: AfterCallWork, *, at_ms: float) -> Self:
        assert work.disposition is not None
        return cls(work.tenant, work.contact_id, work.disposition.suggested, work.version, int(at_ms))


@dataclass(frozen=True, slots=True)
class DispositionChosen(Event):
    """The agent chose how the call ended, the suggested code or another, first or anew. ``record``: the code;
    ``number``: the version of the after-call work that holds it."""

    TYPE: ClassVar[str] = "disposition.chosen"

    @classmethod
    def of(cls, work: AfterCallWork) -> Self:
        assert work.disposition is not None and work.disposition.choice is not None
        choice = work.disposition.choice
        return cls(work.tenant, work.contact_id, choice.code, work.version, choice.at_ms)


@dataclass(frozen=True, slots=True)
class ContactMeasured(Event):
    """Connect's record of the contact is taken in, the first or one that adds to it. ``number``: Unix epoch ms of the
    record."""

    TYPE: ClassVar[str] = "contact.measured"

    @classmethod
    def of(cls, facts: ContactFacts) -> Self:
        return cls(facts.tenant, facts.contact_id, "facts", facts.updated_at_ms, facts.updated_at_ms)


@dataclass(frozen=True, slots=True)
class FeedbackGiven(Event):
    """An agent answered what was shown. ``record``: the annotation's id; ``number``: Unix epoch ms of the answer."""

    TYPE: ClassVar[str] = "feedback.given"

    @classmethod
    def of(cls, given: FeedbackEntry) -> Self:
        return cls(given.tenant, given.contact_id, given.annotation_id, int(given.at_ms), int(given.at_ms))


@dataclass(frozen=True, slots=True)
class CorrectionGiven(Event):
    """Somebody said what should have been understood, shown or answered. ``record``: the annotation or utterance;
    ``number``: Unix epoch ms of the correction."""

    TYPE: ClassVar[str] = "correction.given"

    @classmethod
    def of(cls, given: Correction) -> Self:
        return cls(given.tenant, given.contact_id, given.about, given.at_ms, given.at_ms)


@dataclass(frozen=True, slots=True)
class ScorecardReady(Event):
    """A quality form of the call is filled in: by the machine, or anew by a review or the decision of an appeal.
    ``record``: the form's name; ``number``: the version of the evaluation."""

    TYPE: ClassVar[str] = "scorecard.ready"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, form: str, version: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, form, version, int(at_ms))


@dataclass(frozen=True, slots=True)
class AppealLodged(Event):
    """The agent of a call disagrees with its evaluation, and waits for a decision. ``record``: the form's name;
    ``number``: the version that it is against. Its decision is announced by ``scorecard.ready``."""

    TYPE: ClassVar[str] = "appeal.lodged"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, form: str, version: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, form, version, int(at_ms))


@dataclass(frozen=True, slots=True)
class RecordingAvailable(Event):
    """Connect has recorded the contact, and says where. ``record``: stands for the place; ``number``: the version of
    the recording's record."""

    TYPE: ClassVar[str] = "recording.available"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, recording: str, version: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, recording, version, int(at_ms))


@dataclass(frozen=True, slots=True)
class RecordingMissing(Event):
    """Connect's record of the contact names no recording. ``record``: none; ``number``: its version."""

    TYPE: ClassVar[str] = "recording.missing"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, recording: str, version: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, recording, version, int(at_ms))


@dataclass(frozen=True, slots=True)
class RecordingRedacted(Event):
    """A recording is published without what is private, proven. ``record``: as of ``recording.available``; ``number``:
    the version of the recording's record."""

    TYPE: ClassVar[str] = "recording.redacted"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, recording: str, version: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, recording, version, int(at_ms))


@dataclass(frozen=True, slots=True)
class ReviewClosed(Event):
    """A person has reviewed what was made of a conversation, or nobody did in time. What they changed has its own
    events. ``record``: confirmed, changed or accepted (sotto.call.review); ``number``: the version of the review."""

    TYPE: ClassVar[str] = "review.closed"

    @classmethod
    def of(cls, review: Review) -> Self:
        return cls(review.tenant, review.contact_id, review.state.value, review.version, review.at_ms)


@dataclass(frozen=True, slots=True)
class CrmFiled(Event):
    """A system of record has the call, for the first time or as it has changed. ``record``: the system, as the tenant's
    book names it; ``number``: the version of its row in the filing outbox."""

    TYPE: ClassVar[str] = "crm.filed"

    @classmethod
    def of(cls, tenant: str, contact_id: str, system: str, version: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, system, version, int(at_ms))


@dataclass(frozen=True, slots=True)
class PersonChosen(Event):
    """The agent said whose call it was, where a system knows several people of that number. ``record``, ``number``: as
    of ``crm.filed``."""

    TYPE: ClassVar[str] = "person.chosen"

    @classmethod
    def of(cls, tenant: str, contact_id: str, system: str, version: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, system, version, int(at_ms))


@dataclass(frozen=True, slots=True)
class OutcomeKnown(Event):
    """A system of record says what became of the call. ``record``: what, such as ``case_closed`` (sotto.filing.crm);
    ``number``: Unix epoch ms at which it did, by which its record is found."""

    TYPE: ClassVar[str] = "outcome.known"

    @classmethod
    def of(cls, tenant: str, contact_id: str, kind: str, at_ms: int) -> Self:
        return cls(tenant, contact_id, kind, at_ms, at_ms)


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A speaker refused. ``number``: Unix epoch ms of the decision, by which its record is found."""

    TYPE: ClassVar[str] = "consent.withdrawn"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, decided_at_ms: int) -> Self:
        return cls(tenant, contact_id, "consent", decided_at_ms, decided_at_ms)


@dataclass(frozen=True, slots=True)
class ConversationErased(Event):
    """Nothing that was said, and nothing made of it, is left. ``number``: of the event that asked for it."""

    TYPE: ClassVar[str] = "conversation.erased"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, asked_by: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, "conversation", asked_by, int(at_ms))


@dataclass(frozen=True, slots=True)
class MomentNoticed(Event):
    """Something was noticed in what was spoken. ``record``: the annotation's id; ``number``: its sequence number."""

    TYPE: ClassVar[str] = "moment.noticed"

    @classmethod
    def of(cls, moment: Annotation, *, at_ms: float) -> Self:
        return cls(moment.tenant, moment.contact_id, moment.id, moment.seq, int(at_ms))


@dataclass(frozen=True, slots=True)
class CallSketched(Event):
    """What the intent model made of a call is added up (sotto.call.sketch). ``number``: of the last utterance in it."""

    TYPE: ClassVar[str] = "call.sketched"

    @classmethod
    def of(cls, sketch: CallSketch, *, at_ms: float) -> Self:
        return cls(sketch.tenant, sketch.contact_id, "sketch", sketch.through_seq, int(at_ms))


@dataclass(frozen=True, slots=True)
class AlertRaised(Event):
    """A rule of the tenant's has raised an alert, whose id stands in the place of a contact's: what happens to one
    alert stays in order. ``record``: the rule's id; ``number``: of its alerts on the same subject."""

    TYPE: ClassVar[str] = "alert.raised"

    @classmethod
    def of(cls, tenant: str, alert_id: str, *, rule: str, number: int, at_ms: float) -> Self:
        return cls(tenant, alert_id, rule, number, int(at_ms))


@dataclass(frozen=True, slots=True)
class AlertDigest(Event):
    """Alerts that fell in the tenant's quiet hours. A digest's id stands in the place of a contact's. ``record``: none;
    ``number``: how many they are."""

    TYPE: ClassVar[str] = "alert.digest"

    @classmethod
    def of(cls, tenant: str, digest: str, *, alerts: int, at_ms: float) -> Self:
        return cls(tenant, f"digest-{digest}", "digest", alerts, int(at_ms))


@dataclass(frozen=True, slots=True)
class CallNoted(Event):
    """A line was added to what is filed of the conversation. ``record``: the note's id; ``number``: Unix epoch ms of
    the note."""

    TYPE: ClassVar[str] = "call.noted"

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, note: str, at_ms: int) -> Self:
        return cls(tenant, contact_id, note, at_ms, at_ms)


@dataclass(frozen=True, slots=True)
class OfWorkflow(Event):
    """``record``: the run's id; ``number``: its version."""

    @classmethod
    def of(cls, tenant: str, contact_id: str, *, run: str, version: int, at_ms: float) -> Self:
        return cls(tenant, contact_id, run, version, int(at_ms))


@dataclass(frozen=True, slots=True)
class WorkflowStarted(OfWorkflow):
    """A workflow about the conversation has begun. ``record``: the run's id; ``number``: its version."""

    TYPE: ClassVar[str] = "workflow.started"


@dataclass(frozen=True, slots=True)
class WorkflowWaiting(OfWorkflow):
    """It waits for a person to decide. ``record``, ``number``: as of ``workflow.started``."""

    TYPE: ClassVar[str] = "workflow.waiting"


@dataclass(frozen=True, slots=True)
class WorkflowDecided(OfWorkflow):
    """A person has decided, and it goes on. ``record``, ``number``: as of ``workflow.started``."""

    TYPE: ClassVar[str] = "workflow.decided"


@dataclass(frozen=True, slots=True)
class WorkflowEnded(OfWorkflow):
    """It is done, has failed or was cancelled. ``record``, ``number``: as of ``workflow.started``."""

    TYPE: ClassVar[str] = "workflow.ended"


CATALOGUE: tuple[type[Event], ...] = (
    ConversationStarted,
    AgentConnected,
    UtteranceCommitted,
    TranscriptCompleted,
    ConversationEnded,
    SummaryReady,
    DispositionSuggested,
    DispositionChosen,
    ContactMeasured,
    FeedbackGiven,
    CorrectionGiven,
    ScorecardReady,
    AppealLodged,
    RecordingAvailable,
    RecordingMissing,
    RecordingRedacted,
    ReviewClosed,
    CrmFiled,
    PersonChosen,
    OutcomeKnown,
    ConsentWithdrawn,
    ConversationErased,
    MomentNoticed,
    CallSketched,
    AlertRaised,
    AlertDigest,
    CallNoted,
    WorkflowStarted,
    WorkflowWaiting,
    WorkflowDecided,
    WorkflowEnded,
)
