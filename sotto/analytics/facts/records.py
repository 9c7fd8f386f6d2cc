"""What a conversation's facts are made of: the records of its contacts, read as the tenant, and nothing of an event but
which contact it is about. So it does not matter in which order events come, how often, or what their clocks say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.after_call_work import AfterCallWork
from sotto.call.annotation import Annotation, ChecklistItem
from sotto.call.contact import Contact, ContactReader
from sotto.call.contact_facts import ContactFacts
from sotto.call.feedback import Feedback
from sotto.call.sketch import CallSketch
from sotto.call.utterance import Utterance

MOST_UTTERANCES = MOST_ANNOTATIONS = 2_000


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """``standing``, ``value``, ``answered_by``: as quality forms have them; a value is an option or a number.
    ``full_marks``: whether it is worth all that the question can give; None where nothing is scored or known."""

    question: str
    standing: str
    value: str
    answered_by: str
    confidence: float
    full_marks: bool | None = None


@dataclass(frozen=True, slots=True)
class ScoredForm:
    """The evaluation that stands. ``score_pct``: 0 to 100, None where nothing could be scored; ``determined``: the
    share of the form's weight that has an answer, 0 to 1."""

    form: str
    form_version: str
    by_person: bool
    score_pct: float | None
    automatic_fail: bool
    determined: float
    answers: tuple[ScoredAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactRecords:
    contact: Contact
    measured: ContactFacts | None = None
    utterances: Sequence[Utterance] = ()
    annotations: Sequence[Annotation] = ()
    checklist: Sequence[ChecklistItem] = ()
    feedback: Sequence[Feedback] = ()
    work: AfterCallWork | None = None
    scores: Sequence[ScoredForm] = ()
    sketch: CallSketch | None = None


class Contacts(ContactReader, Protocol):
    def contacts_of_conversation(self, tenant: str, conversation_id: str) -> list[Contact]:
        """All that are recorded, by the start of their media."""
        ...


class Measured(Protocol):
    def facts(self, tenant: str, contact_id: str) -> ContactFacts | None: ...


class StoredCall(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]: ...

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]: ...

    def checklist(self, tenant: str, contact_id: str) -> Sequence[ChecklistItem]: ...


class FeedbackReader(Protocol):
    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]: ...


class WorkReader(Protocol):
    def work(self, tenant: str, contact_id: str) -> AfterCallWork | None: ...


class StandingScores(Protocol):
    def standing(self, tenant: str, contact_id: str) -> Sequence[ScoredForm]:
        """Of each form the evaluation that stands for the contact."""
        ...


class SketchReader(Protocol):
    def sketch(self, tenant: str, contact_id: str) -> CallSketch | None: ...


@dataclass(frozen=True, slots=True)
class RecordPorts:
    contacts: Contacts
    measured: Measured
    calls: StoredCall
    feedback: FeedbackReader
    work: WorkReader
    scores: StandingScores
    sketches: SketchReader


def records_of(tenant: str, conversation_id: str, ports: RecordPorts) -> list[ContactRecords]:
    """Of every contact that is not erased, by the start of their media. Raises Retryable."""
    found = ports.contacts.contacts_of_conversation(tenant, conversation_id)
    return [_records(each, ports) for each in found if not each.erased]


def _records(contact: Contact, ports: RecordPorts) -> ContactRecords:
    key = (contact.tenant, contact.contact_id)
    return ContactRecords(
        contact=contact,
        measured=ports.measured.facts(*key),
        utterances=ports.calls.utterances(*key, 0, MOST_UTTERANCES),
        annotations=ports.calls.annotations(*key, 0, MOST_ANNOTATIONS),
        checklist=ports.calls.checklist(*key),
        feedback=ports.feedback.feedback(*key),
        work=ports.work.work(*key),
        scores=ports.scores.standing(*key),
        sketch=ports.sketches.sketch(*key),
    )
