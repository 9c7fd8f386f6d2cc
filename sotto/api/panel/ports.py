"""What serving the panel needs, and who may see which contact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sotto.after_call.edit import EditPorts
from sotto.after_call.workflow.records import WorkPorts
from sotto.api.alerts.use_cases import AlertPorts
from sotto.api.analytics.service import FigureService
from sotto.api.ask.ask import CallAnswer
from sotto.api.caller import Caller, Unauthorised
from sotto.api.coaching.shared import SharedMoments
from sotto.api.panel.conversations import (
    ConversationReader,
    CorrectionStore,
    FeedbackWriter,
    FollowLog,
    NoteStore,
    QuestionLog,
    SummaryReader,
)
from sotto.api.panel.request_models import About
from sotto.api.recordings.play import PlayPorts
from sotto.api.review.use_cases import ReviewerPorts
from sotto.call.contact import Contact
from sotto.contacts.directory import Directory
from sotto.core.audit import AuditLog
from sotto.core.clock import Clock
from sotto.filing.choose_person import ChoicePorts
from sotto.history.store import HistoryStore
from sotto.knowledge.answers import ArticleReader, KnowledgeAssist, KnowledgeSearch
from sotto.learning.review.use_cases import ExampleReviewPorts
from sotto.learning.rollout.roll import RollPorts
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.search.find import FindPorts
from sotto.tenants.book import BookReader

if TYPE_CHECKING:
    from sotto.api.playbooks.use_cases import PlaybookPorts
    from sotto.learning.gaps.decide import DecidePorts
    from sotto.workflows.start import WorkflowPorts


class QuestionAnswering(Protocol):
    def answer(self, contact: Contact, question: str) -> CallAnswer:
        """Out of this call alone. ``question`` is redacted. Raises Retryable."""
        ...


class KnowledgeAnswering(Protocol):
    def answer(self, contact: Contact, question: str) -> KnowledgeAssist:
        """Out of the tenant's articles. ``question`` is redacted. Raises Degraded or Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class AgentPorts:
    """``redact(tenant, text)``: what somebody typed, without what the tenant hides."""

    conversations: ConversationReader
    feedback: FeedbackWriter
    corrections: CorrectionStore
    knowledge: KnowledgeSearch
    clock: Clock
    follows: FollowLog
    articles: ArticleReader
    summaries: SummaryReader
    handover_notes: SummaryReader
    call_questions: QuestionAnswering
    knowledge_questions: KnowledgeAnswering
    questions: QuestionLog
    redact: Callable[[str, str], str]
    directory: Directory
    notes: NoteStore
    audit: AuditLog
    panel: PanelPublisher
    books: BookReader
    work: WorkPorts
    edits: EditPorts
    choices: ChoicePorts
    playback: PlayPorts
    reviewer: ReviewerPorts
    history: HistoryStore
    search: FindPorts
    figures: FigureService
    learning: ExampleReviewPorts
    releases: RollPorts
    alerts: AlertPorts
    workflows: WorkflowPorts
    playbooks: PlaybookPorts
    shared: SharedMoments
    gaps: DecidePorts


A_FOLLOW_MS = 10 * 60_000
"""Reading on within this time is the same look into a call; after it, the trail gets another entry."""


def readable(asked: About, caller: Caller, ports: AgentPorts) -> Contact:
    """What a call holds, for those who may read it; nothing of it leaves before the audit trail knows the reader."""
    found = allowed(asked, ports, caller, caller.may_read)
    note_look(found, caller, ports)
    return found


def note_look(contact: Contact, caller: Caller, ports: AgentPorts) -> None:
    """For the audit trail, once in a while of looking; who serves the contact looks at what is theirs."""
    now, call = int(ports.clock.now_ms()), (caller.tenant, contact.contact_id, caller.agent)
    if not caller.serves(contact) and not ports.follows.has_followed(*call, now - A_FOLLOW_MS):
        ports.follows.record(*call, now)


def allowed(asked: About, ports: AgentPorts, caller: Caller, may: Callable[[Contact], bool]) -> Contact:
    found = ports.conversations.contact(caller.tenant, asked.contact_id)
    if found is None or not may(found):
        raise Unauthorised("contactId: there is no such contact among yours")
    return found
