"""Stored conversations and feedback, in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sotto.api.ask.ask import CallQuestions, Meaning, RecallWriter
from sotto.api.panel.conversations import AskedQuestion, Subject
from sotto.api.panel.ports import AgentPorts
from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem
from sotto.call.contact import Contact, ContactStatus
from sotto.call.feedback import Feedback, FeedbackAction, FeedbackEntry
from sotto.call.summary import CallSummary
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.generation.chain import GenerationChain
from sotto.generation.nodes import GenerativeNodes
from sotto.guidance.conversation import ConversationState, Occurrence
from sotto.guidance.deliver import Conversation
from sotto.knowledge.answers import KnowledgeAnswer
from sotto.redaction.typed import redact_typed
from sotto.tenants.articles import Article
from sotto.tenants.redaction_rules import RedactionRules

Numbered = TypeVar("Numbered", Utterance, Annotation)


@dataclass
class ConversationsInMemory:
    """A ConversationReader over plain lists that tests fill."""

    all_contacts: list[Contact] = field(default_factory=list)
    all_utterances: list[Utterance] = field(default_factory=list)
    all_annotations: list[Annotation] = field(default_factory=list)
    all_items: dict[tuple[str, str], list[ChecklistItem]] = field(default_factory=dict)

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        mine = (each for each in self.all_contacts if (each.tenant, each.contact_id) == (tenant, contact_id))
        return next(mine, None)

    def contacts_of(self, tenant: str, agent: str) -> Sequence[Contact]:
        mine = (each for each in self.all_contacts if (each.tenant, each.agent) == (tenant, agent))
        return [each for each in mine if each.status is not ContactStatus.ENDED]

    def live_contacts(self, tenant: str, teams: Collection[str]) -> Sequence[Contact]:
        ours = (each for each in self.all_contacts if each.tenant == tenant and each.team in teams and each.agent)
        return [each for each in ours if each.status is ContactStatus.CONNECTED]

    def risks(self, tenant: str, contact_id: str) -> Sequence[Annotation]:
        mine = self.annotations(tenant, contact_id, 0, len(self.all_annotations))
        return [each for each in mine if each.kind is AnnotationKind.MOMENT and each.severity == "high"]

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        return _page(self.all_utterances, tenant, contact_id, after_seq, limit)

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]:
        return _page(self.all_annotations, tenant, contact_id, after_seq, limit)

    def annotation(self, tenant: str, contact_id: str, annotation_id: str) -> Annotation | None:
        mine = self.annotations(tenant, contact_id, 0, len(self.all_annotations))
        return next((each for each in mine if each.id == annotation_id), None)

    def checklist(self, tenant: str, contact_id: str) -> Sequence[ChecklistItem]:
        return self.all_items.get((tenant, contact_id), [])

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        """Guidance on everything that was said is done."""
        said = self.utterances(tenant, contact_id, 0, len(self.all_utterances))
        noticed = self.annotations(tenant, contact_id, 0, len(self.all_annotations))
        moments: dict[str, tuple[Occurrence, ...]] = {}
        for each in noticed:
            if each.kind is AnnotationKind.MOMENT:
                moments[each.name] = (*moments.get(each.name, ()), Occurrence(each.at_ms, each.at_ms))
        state = ConversationState(tenant, contact_id, done_seq=said[-1].seq if said else 0, moments=moments)
        return Conversation(state, tuple(self.checklist(tenant, contact_id)))


def _page(items: list[Numbered], tenant: str, contact_id: str, after: int, limit: int) -> list[Numbered]:
    mine = [each for each in items if (each.tenant, each.contact_id) == (tenant, contact_id) and each.seq > after]
    return sorted(mine, key=lambda each: each.seq)[:limit]


@dataclass
class FeedbackInMemory:
    """A FeedbackWriter."""

    given: list[FeedbackEntry] = field(default_factory=list)

    def record(self, given: FeedbackEntry) -> Feedback:
        self.given.append(given)
        of_contact = self.feedback(given.tenant, given.contact_id)
        return next(each for each in of_contact if each.annotation_id == given.annotation_id)

    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]:
        standing: dict[str, Feedback] = {}
        for each in self.given:
            if (each.tenant, each.contact_id) == (tenant, contact_id):
                before = standing.get(each.annotation_id, Feedback(contact_id, each.annotation_id))
                standing[each.annotation_id] = _with(before, each)
        return list(standing.values())


@dataclass
class FollowsInMemory:
    """A FollowLog. ``all_follows``: (tenant, contact, who, at_ms)."""

    all_follows: list[tuple[str, str, str, int]] = field(default_factory=list)

    def record(self, tenant: str, contact_id: str, who: str, at_ms: int) -> None:
        self.all_follows.append((tenant, contact_id, who, at_ms))

    def has_followed(self, tenant: str, contact_id: str, who: str, since_ms: int) -> bool:
        call = (tenant, contact_id, who)
        return any(each[:3] == call and each[3] >= since_ms for each in self.all_follows)


def _with(before: Feedback, given: FeedbackEntry) -> Feedback:
    match given.response:
        case FeedbackAction.ACKNOWLEDGED:
            return replace(before, acknowledged_at_ms=given.at_ms)
        case FeedbackAction.DISMISSED:
            return replace(before, dismissed_at_ms=given.at_ms)
        case FeedbackAction.RATED:
            return replace(before, rated_at_ms=given.at_ms, rating=given.rating, reason=given.reason)
        case FeedbackAction.RESTORED:
            return replace(before, acknowledged_at_ms=None, dismissed_at_ms=None)


@dataclass
class KnowledgeInMemory:
    """A KnowledgeSearch that knows one answer for every question."""

    answers: list[KnowledgeAnswer] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def search(self, contact: Contact, question: str) -> Sequence[KnowledgeAnswer]:
        self.questions.append(question)
        return self.answers


@dataclass
class ArticlesInMemory:
    """An ArticleReader."""

    articles: dict[tuple[str, str], Article] = field(default_factory=dict)

    def article(self, tenant: str, article: str) -> Article | None:
        return self.articles.get((tenant, article))


@dataclass
class SummariesInMemory:
    """A SummaryReader."""

    summaries: dict[tuple[str, str], CallSummary] = field(default_factory=dict)

    def summary(self, tenant: str, contact_id: str) -> CallSummary | None:
        return self.summaries.get((tenant, contact_id))


@dataclass
class QuestionsInMemory:
    """A QuestionLog."""

    asked: list[AskedQuestion] = field(default_factory=list)

    def record(self, asked: AskedQuestion) -> None:
        self.asked.append(asked)

    def asked_since(self, tenant: str, contact_id: str, subject: Subject, since_ms: int) -> int:
        of = (tenant, contact_id, subject)
        return sum((each.tenant, each.contact_id, each.subject) == of and each.at_ms >= since_ms for each in self.asked)


@dataclass
class Desk:
    """Everything that serves an agent, in memory; retrieval, redaction and the writer's checks are the real ones."""

    clock: Clock
    conversations: ConversationsInMemory = field(default_factory=ConversationsInMemory)
    feedback: FeedbackInMemory = field(default_factory=FeedbackInMemory)
    knowledge: KnowledgeInMemory = field(default_factory=KnowledgeInMemory)
    follows: FollowsInMemory = field(default_factory=FollowsInMemory)
    articles: ArticlesInMemory = field(default_factory=ArticlesInMemory)
    summaries: SummariesInMemory = field(default_factory=SummariesInMemory)
    questions: QuestionsInMemory = field(default_factory=QuestionsInMemory)
    writer: RecallWriter | None = None
    meaning: Meaning = field(default_factory=lambda: KnownMeaning())

    def ports(self) -> AgentPorts:
        writer = self.writer or GenerativeNodes(GenerationChain((), self.clock, nothing_spent), self.clock)
        return AgentPorts(
            self.conversations,
            self.feedback,
            self.knowledge,
            self.clock,
            self.follows,
            self.articles,
            self.summaries,
            CallQuestions(self.conversations, self.feedback, writer, self.meaning),
            self.questions,
            lambda tenant, text: redact_typed(text, RedactionRules.of({})),
        )


@dataclass
class KnownMeaning:
    """A Meaning that knows what it is told; nothing, as when the shard is late, unless it is told."""

    of: dict[str, dict[str, float]] = field(default_factory=dict)
    """Question -> utterance's id -> likeness."""
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def likeness(self, contact: Contact, question: str, utterances: Sequence[Utterance]) -> dict[str, float]:
        self.asked.append((contact.tenant, contact.contact_id, question))
        return self.of.get(question, {})


def nothing_spent(happened: object) -> None:
    raise AssertionError("there is no provider to pay")
