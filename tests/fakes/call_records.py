"""What is stored beside a conversation, in memory, with the rules of what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sotto.after_call.adapters.dynamodb_summaries import replaces
from sotto.after_call.summarise import SummaryChanged
from sotto.after_call.workflow.records import WorkChanged
from sotto.api.adapters.dynamodb_feedback import with_given
from sotto.api.panel.conversations import AskedQuestion, Subject
from sotto.aws import keys
from sotto.call.after_call_work import AfterCallWork
from sotto.call.correction import Correction
from sotto.call.events import Event
from sotto.call.feedback import Feedback, FeedbackEntry
from sotto.call.summary import CallSummary
from sotto.call.supervisor_note import NoteState, SupervisorNote


@dataclass
class FeedbackInMemory:
    """A FeedbackWriter. ``given``: every entry, as it came."""

    given: list[FeedbackEntry] = field(default_factory=list)

    def record(self, given: FeedbackEntry) -> Feedback:
        keys.of_contact(given.tenant, given.contact_id)
        self.given.append(given)
        of_contact = self.feedback(given.tenant, given.contact_id)
        return next(each for each in of_contact if each.annotation_id == given.annotation_id)

    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]:
        """By the annotations' ids."""
        keys.of_contact(tenant, contact_id)
        standing: dict[str, Feedback] = {}
        for each in self.given:
            if (each.tenant, each.contact_id) == (tenant, contact_id):
                before = standing.get(each.annotation_id, Feedback(contact_id, each.annotation_id))
                standing[each.annotation_id] = with_given(before, each)
        return [standing[annotation_id] for annotation_id in sorted(standing)]


@dataclass
class CorrectionsInMemory:
    """A CorrectionStore."""

    all: dict[tuple[str, str, str, str], Correction] = field(default_factory=dict)

    def record(self, given: Correction) -> Correction:
        keys.of_contact(given.tenant, given.contact_id)
        key = (given.tenant, given.contact_id, given.about, given.agent)
        if key not in self.all or self.all[key].at_ms < given.at_ms:
            self.all[key] = given
        return self.all[key]

    def corrections(self, tenant: str, contact_id: str) -> Sequence[Correction]:
        keys.of_contact(tenant, contact_id)
        return [self.all[key] for key in sorted(self.all) if key[:2] == (tenant, contact_id)]


@dataclass
class FollowsInMemory:
    """A FollowLog. ``all_follows``: (tenant, contact, who, at_ms)."""

    all_follows: list[tuple[str, str, str, int]] = field(default_factory=list)

    def record(self, tenant: str, contact_id: str, who: str, at_ms: int) -> None:
        keys.of_contact(tenant, contact_id), keys.of_follower(who)
        self.all_follows.append((tenant, contact_id, who, at_ms))

    def has_followed(self, tenant: str, contact_id: str, who: str, since_ms: int) -> bool:
        keys.of_contact(tenant, contact_id), keys.of_follower(who)
        call = (tenant, contact_id, who)
        return any(each[:3] == call and each[3] >= since_ms for each in self.all_follows)


@dataclass
class SummariesInMemory:
    """A SummaryReader, and what a summary is stored in."""

    summaries: dict[tuple[str, str], CallSummary] = field(default_factory=dict)
    edited: list[CallSummary] = field(default_factory=list)

    def summary(self, tenant: str, contact_id: str) -> CallSummary | None:
        keys.of_contact(tenant, contact_id)
        return self.summaries.get((tenant, contact_id))

    def store(self, summary: CallSummary) -> CallSummary | None:
        known = self.summary(summary.tenant, summary.contact_id)
        if known is not None and not replaces(summary, known):
            return None
        stored = replace(summary, version=1 + (known.version if known else 0))
        self.summaries[summary.tenant, summary.contact_id] = stored
        return stored

    def edit(self, summary: CallSummary, *, before: CallSummary) -> CallSummary:
        known = self.summary(summary.tenant, summary.contact_id)
        if known is None or known.version != before.version:
            raise SummaryChanged
        stored = replace(summary, version=before.version + 1)
        self.edited.append(before)
        self.summaries[summary.tenant, summary.contact_id] = stored
        return stored

    def versions(self, tenant: str, contact_id: str) -> Sequence[CallSummary]:
        keys.of_contact(tenant, contact_id)
        return [each for each in self.edited if (each.tenant, each.contact_id) == (tenant, contact_id)]


@dataclass
class WorkInMemory:
    """WorkRecords."""

    kept: dict[tuple[str, str], AfterCallWork] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def work(self, tenant: str, contact_id: str) -> AfterCallWork | None:
        keys.of_contact(tenant, contact_id)
        return self.kept.get((tenant, contact_id))

    def replace(self, work: AfterCallWork, *, expected_version: int, event: Event | None = None) -> None:
        known = self.work(work.tenant, work.contact_id)
        if (known.version if known else 0) != expected_version:
            raise WorkChanged
        self.kept[work.tenant, work.contact_id] = work
        self.events += [event] if event is not None else []


@dataclass
class QuestionsInMemory:
    """A QuestionLog."""

    asked: list[AskedQuestion] = field(default_factory=list)

    def record(self, asked: AskedQuestion) -> None:
        """One of each subject in a millisecond: the later one stands."""
        keys.of_contact(asked.tenant, asked.contact_id)
        self.asked = [each for each in self.asked if _place(each) != _place(asked)] + [asked]

    def asked_since(self, tenant: str, contact_id: str, subject: Subject, since_ms: int) -> int:
        keys.of_contact(tenant, contact_id)
        of = (tenant, contact_id, subject)
        return sum(_place(each)[:3] == of and each.at_ms >= since_ms for each in self.asked)


def _place(asked: AskedQuestion) -> tuple[str, str, Subject, int]:
    return asked.tenant, asked.contact_id, asked.subject, asked.at_ms


@dataclass
class NotesInMemory:
    """A NoteStore."""

    kept: dict[tuple[str, str, str], SupervisorNote] = field(default_factory=dict)

    def notes(self, tenant: str, contact_id: str) -> Sequence[SupervisorNote]:
        keys.of_contact(tenant, contact_id)
        found = [note for key, note in self.kept.items() if key[:2] == (tenant, contact_id)]
        return sorted(found, key=lambda each: (each.sent_at_ms, each.id))

    def add(self, note: SupervisorNote) -> SupervisorNote:
        keys.of_contact(note.tenant, note.contact_id), keys.of_note(note.id)
        return self.kept.setdefault((note.tenant, note.contact_id, note.id), note)

    def advance(self, tenant: str, contact_id: str, note_id: str, state: NoteState, at_ms: int) -> SupervisorNote:
        keys.of_contact(tenant, contact_id), keys.of_note(note_id)
        known = self.kept[tenant, contact_id, note_id]
        if known.state.rank < state.rank:
            known = self.kept[tenant, contact_id, note_id] = replace(known, state=state, state_at_ms=at_ms)
        return known
