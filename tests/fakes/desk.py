"""Everything that serves an agent, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

from local.simulation.consents import ConsentsInMemory
from sotto.after_call.edit import EditPorts
from sotto.after_call.review.reviews import ReviewPorts
from sotto.after_call.workflow.records import WorkPorts
from sotto.api.alerts.use_cases import AlertPorts
from sotto.api.ask.ask import CallQuestions, Meaning, RecallWriter
from sotto.api.ask.from_knowledge import AnswerWriter, KnowledgeQuestions
from sotto.api.panel.ports import AgentPorts
from sotto.api.playbooks.use_cases import PlaybookPorts
from sotto.api.recordings.play import PlayableFiles, PlayPorts
from sotto.api.review.use_cases import ReviewerPorts
from sotto.api.scorecards.access import ScorecardPorts
from sotto.call.contact import Contact
from sotto.call.filing import FiledCall
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.filing.choose_person import ChoicePorts
from sotto.generation.chain import GenerationChain
from sotto.generation.nodes import GenerativeNodes
from sotto.knowledge.answers import KnowledgeAnswer
from sotto.learning.adapters.registry_rollouts import RegistryRollouts
from sotto.learning.gaps.decide import DecidePorts
from sotto.learning.review.use_cases import ExampleReviewPorts
from sotto.learning.rollout.roll import RollPorts
from sotto.models.releases import Because
from sotto.playbooks.replay.run import PastCalls
from sotto.realtime.channel import PanelChannel
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.recordings.record import Published
from sotto.redaction.typed import redact_typed
from sotto.search.adapters.embedded import EmbeddedIndex
from sotto.search.find import FindPorts
from sotto.search.index import SearchIndex
from sotto.tenants.redaction_rules import RedactionRules
from sotto.workflows.reading import shipped
from sotto.workflows.start import BeginPorts, WorkflowPorts
from tests.fakes.alerts import AlertRulesInMemory, AlertsInMemory
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.call_records import (
    CorrectionsInMemory,
    FeedbackInMemory,
    FollowsInMemory,
    NotesInMemory,
    QuestionsInMemory,
    SummariesInMemory,
    WorkInMemory,
)
from tests.fakes.channel import ChannelInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.directory import DirectoryInMemory
from tests.fakes.evaluations import EvaluationsInMemory
from tests.fakes.figures import FiguresInProcess, figure_ports
from tests.fakes.filings import FilingRowsInMemory
from tests.fakes.gaps import GapsInMemory, NewIntentsInMemory
from tests.fakes.history import HistoryInMemory
from tests.fakes.learning import (
    ExamplesInMemory,
    ReviewersInMemory,
    RunsInMemory,
    ShelfInMemory,
    TalliesInMemory,
)
from tests.fakes.playbooks import DraftsInMemory, ReplaysInMemory, ShelfOfPlaybooks
from tests.fakes.recordings import RecordingsInMemory
from tests.fakes.reviews import ReviewsInMemory, TasksInMemory
from tests.fakes.shared_moments import SharedMomentsInMemory
from tests.fakes.text_vectors import WordVectors
from tests.fakes.workflows import WorkflowRunsInMemory

TENANTS = ("bank", "garage", "harbour_bank")
"""Which have published a book."""


@dataclass
class KnowledgeInMemory:
    """A KnowledgeSearch that knows one answer for every question."""

    answers: list[KnowledgeAnswer] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def search(self, contact: Contact, question: str) -> Sequence[KnowledgeAnswer]:
        self.questions.append(question)
        return self.answers


@dataclass
class Desk:
    """Everything that serves an agent, in memory; retrieval, redaction and the writer's checks are the real ones."""

    clock: Clock
    conversations: ConversationsInMemory = field(default_factory=ConversationsInMemory)
    feedback: FeedbackInMemory = field(default_factory=FeedbackInMemory)
    corrections: CorrectionsInMemory = field(default_factory=CorrectionsInMemory)
    examples: ExamplesInMemory = field(default_factory=ExamplesInMemory)
    example_reviewers: ReviewersInMemory = field(default_factory=ReviewersInMemory)
    training_runs: RunsInMemory = field(default_factory=RunsInMemory)
    tallies: TalliesInMemory = field(default_factory=TalliesInMemory)
    shelf: ShelfInMemory = field(default_factory=ShelfInMemory)
    knowledge: KnowledgeInMemory = field(default_factory=KnowledgeInMemory)
    follows: FollowsInMemory = field(default_factory=FollowsInMemory)
    books: BooksInMemory = field(default_factory=lambda: BooksInMemory(*map(any_book, TENANTS)))
    summaries: SummariesInMemory = field(default_factory=SummariesInMemory)
    handover_notes: SummariesInMemory = field(default_factory=SummariesInMemory)
    questions: QuestionsInMemory = field(default_factory=QuestionsInMemory)
    directory: DirectoryInMemory = field(default_factory=DirectoryInMemory)
    notes: NotesInMemory = field(default_factory=NotesInMemory)
    audit: AuditLogInMemory = field(default_factory=AuditLogInMemory)
    channel: PanelChannel = field(default_factory=ChannelInMemory)
    after_call: WorkInMemory = field(default_factory=WorkInMemory)
    recordings: RecordingsInMemory = field(default_factory=RecordingsInMemory)
    files: PlayableFiles = field(default_factory=lambda: LinksInMemory())
    evaluations: EvaluationsInMemory = field(default_factory=EvaluationsInMemory)
    reviews: ReviewsInMemory = field(default_factory=ReviewsInMemory)
    tasks: TasksInMemory = field(default_factory=TasksInMemory)
    filings: FilingRowsInMemory = field(default_factory=FilingRowsInMemory)
    unpublished: list[str] = field(default_factory=list)
    writer: RecallWriter | None = None
    answer_writer: AnswerWriter | None = None
    meaning: Meaning = field(default_factory=lambda: KnownMeaning())
    history: HistoryInMemory = field(default_factory=HistoryInMemory)
    search_index: SearchIndex = field(default_factory=lambda: EmbeddedIndex(Path(gettempdir()) / f"sotto-{uuid4()}"))
    """Its folder is made when something is put into it."""
    text_vectors: WordVectors = field(default_factory=WordVectors)
    gaps: GapsInMemory = field(default_factory=GapsInMemory)
    new_intents: NewIntentsInMemory = field(default_factory=NewIntentsInMemory)
    alert_rules: AlertRulesInMemory = field(default_factory=AlertRulesInMemory)
    alerts: AlertsInMemory = field(default_factory=AlertsInMemory)
    workflows: WorkflowRunsInMemory = field(default_factory=WorkflowRunsInMemory)
    shared: SharedMomentsInMemory = field(default_factory=SharedMomentsInMemory)
    drafts: DraftsInMemory = field(default_factory=DraftsInMemory)
    facts: Path = field(default_factory=lambda: Path(gettempdir()) / f"sotto-facts-{uuid4()}")
    """Files of what is counted; none are there, unless a test makes them."""

    def ports(self) -> AgentPorts:
        def redact(tenant: str, text: str) -> str:
            return redact_typed(text, RedactionRules.of({}))

        panel = PanelPublisher(self.channel, self.unpublished.append)
        quoting = GenerativeNodes(GenerationChain((), self.clock, nothing_spent), self.clock)
        writer, knowledge_writer = self.writer or quoting, self.answer_writer or quoting
        return AgentPorts(
            self.conversations,
            self.feedback,
            self.corrections,
            self.knowledge,
            self.clock,
            self.follows,
            self.books,
            self.summaries,
            self.handover_notes,
            CallQuestions(self.conversations, self.feedback, writer, self.meaning),
            KnowledgeQuestions(self.knowledge, knowledge_writer),
            self.questions,
            redact,
            self.directory,
            self.notes,
            self.audit,
            panel,
            self.books,
            WorkPorts(ConsentsInMemory(), self.after_call, panel, self.clock),
            EditPorts(ConsentsInMemory(), self.summaries, redact, panel, self.clock),
            ChoicePorts(self.filings, self._filed, self.clock),
            PlayPorts(self.conversations, self.recordings, self.files, self.audit, self.clock),
            self._reviewer(redact, panel),
            self.history,
            FindPorts(self.search_index, self.text_vectors),
            self._figures(),
            self._example_review(),
            RollPorts(
                self.training_runs,
                RegistryRollouts(self.shelf, lambda why: Because("", why, int(self.clock.now_ms()))),
                self.tallies,
                self.books,
                self.clock,
            ),
            AlertPorts(self.alert_rules, self.alerts, self._figures(), self.audit, self.clock),
            WorkflowPorts(
                self.workflows,
                self.clock,
                BeginPorts(self.workflows, ConsentsInMemory(), shipped, lambda tenant: {}, self.clock),
            ),
            self._playbooks(),
            self.shared,
            DecidePorts(self.gaps, self.new_intents, self.books, self._example_review()),
        )

    def _example_review(self) -> ExampleReviewPorts:
        return ExampleReviewPorts(
            self.examples, self.example_reviewers, self.books, self.audit, self.clock, self.new_intents
        )

    def _playbooks(self) -> PlaybookPorts:
        past = PastCalls(self.conversations, self.conversations, self.shelf_of_playbooks.book_of)
        return PlaybookPorts(
            self.drafts, self.replays, self.shelf_of_playbooks, self.books, past, self.history, self.audit, self.clock
        )

    @cached_property
    def shelf_of_playbooks(self) -> ShelfOfPlaybooks:
        return ShelfOfPlaybooks(self.books)

    @cached_property
    def replays(self) -> ReplaysInMemory:
        return ReplaysInMemory(self.clock)

    def _figures(self) -> FiguresInProcess:
        return FiguresInProcess(figure_ports(self.facts, self.audit, self.clock))

    def _filed(self, tenant: str, contact_id: str) -> tuple[FiledCall, ...]:
        work = self.after_call.work(tenant, contact_id)
        return work.filed if work is not None else ()

    def _reviewer(self, redact: Callable[[str, str], str], panel: PanelPublisher) -> ReviewerPorts:
        contacts, consents = self.conversations, ConsentsInMemory()
        return ReviewerPorts(
            ScorecardPorts(contacts, self.books, self.evaluations, self.audit, self.clock, redact),
            EditPorts(consents, self.summaries, redact, panel, self.clock),
            WorkPorts(consents, self.after_call, panel, self.clock),
            ReviewPorts(contacts, consents, self.reviews, self.tasks, self.clock),
        )


class LinksInMemory:
    """A PlayableFiles whose links say what they open, and open nothing."""

    def url(self, tenant: str, published: Published, *, expires_s: int) -> str:
        return f"https://audio.example/{published.key}?version={published.object_version}&for={expires_s}"


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
