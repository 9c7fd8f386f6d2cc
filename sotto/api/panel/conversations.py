"""What serving the panel needs from the rest of Sotto."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.call.annotation import Annotation, ChecklistItem
from sotto.call.contact import Contact
from sotto.call.correction import Correction
from sotto.call.feedback import Feedback, FeedbackEntry
from sotto.call.summary import CallSummary
from sotto.call.supervisor_note import NoteState, SupervisorNote
from sotto.call.utterance import Utterance
from sotto.guidance.deliver import Conversation


class ConversationReader(Protocol):
    """What is stored of one tenant's contacts. A tenant never sees another's: the tenant is part of every key."""

    def contact(self, tenant: str, contact_id: str) -> Contact | None: ...

    def contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]:
        """Contacts assigned to ``agent`` that have not ended."""
        ...

    def last_contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]:
        """The last ten of ``agent`` that have ended, the latest first."""
        ...

    def live_contacts(self, tenant: str, teams: Collection[str]) -> Sequence[Contact]:
        """Contacts that an agent of one of ``teams`` is talking to, at most 100 of a team."""
        ...

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        """What guidance knows of it; None before the first words."""
        ...

    def risks(self, tenant: str, contact_id: str) -> Sequence[Annotation]:
        """Moments of high severity, by rising ``seq``."""
        ...

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        """Finals with ``seq`` > ``after_seq``, by rising ``seq``, at most ``limit``."""
        ...

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]:
        """Annotations with ``seq`` > ``after_seq``, by rising ``seq``, at most ``limit``."""
        ...

    def annotation(self, tenant: str, contact_id: str, annotation_id: str) -> Annotation | None: ...

    def checklist(self, tenant: str, contact_id: str) -> Sequence[ChecklistItem]: ...


class FeedbackWriter(Protocol):
    def record(self, given: FeedbackEntry) -> Feedback:
        """Keep ``given`` (twice is as good as once) and say what now stands for its annotation."""
        ...

    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]: ...


class CorrectionStore(Protocol):
    def record(self, given: Correction) -> Correction:
        """Keep ``given``, unless the agent has corrected the same since (twice is as good as once), and say what now
        stands. Raises Retryable."""
        ...

    def corrections(self, tenant: str, contact_id: str) -> Sequence[Correction]:
        """By what they are about, then by agent."""
        ...


class FollowLog(Protocol):
    """Who looked into a call that is not theirs. ``at_ms`` and ``since_ms`` are Unix epoch."""

    def record(self, tenant: str, contact_id: str, who: str, at_ms: int) -> None: ...

    def has_followed(self, tenant: str, contact_id: str, who: str, since_ms: int) -> bool:
        """Whether an entry of ``who`` is as new as ``since_ms``."""
        ...


class SummaryReader(Protocol):
    def summary(self, tenant: str, contact_id: str) -> CallSummary | None: ...


class Subject(StrEnum):
    """What an agent asked."""

    KNOWLEDGE = "knowledge"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """``question`` is redacted; ``found``: how many answers or utterances were shown. ``at_ms`` is Unix epoch."""

    tenant: str
    contact_id: str
    agent: str
    at_ms: int
    subject: Subject
    question: str
    found: int


class QuestionLog(Protocol):
    """What agents asked during a call, kept for learning and as long as the call."""

    def record(self, asked: AskedQuestion) -> None: ...

    def asked_since(self, tenant: str, contact_id: str, subject: Subject, since_ms: int) -> int:
        """How many questions; ``since_ms`` is Unix epoch."""
        ...


class NoteStore(Protocol):
    """Notes of supervisors, kept as long as the call. Raises StorageUnavailable."""

    def notes(self, tenant: str, contact_id: str) -> Sequence[SupervisorNote]:
        """In the order in which they were sent."""
        ...

    def add(self, note: SupervisorNote) -> SupervisorNote:
        """The note that is there now: of two with one id, the first."""
        ...

    def advance(self, tenant: str, contact_id: str, note_id: str, state: NoteState, at_ms: int) -> SupervisorNote:
        """The note as it stands: a state never goes back. Raises KeyError for none of that id."""
        ...
