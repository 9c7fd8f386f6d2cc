"""Contract tests: what is stored beside a conversation, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
from sotto.after_call.adapters.dynamodb_work import DynamoWork
from sotto.after_call.summarise import Summaries
from sotto.after_call.workflow.records import WorkRecords
from sotto.api.adapters.dynamodb_corrections import DynamoCorrections
from sotto.api.adapters.dynamodb_feedback import DynamoFeedback
from sotto.api.adapters.dynamodb_follows import DynamoFollows
from sotto.api.adapters.dynamodb_notes import DynamoNotes
from sotto.api.adapters.dynamodb_questions import DynamoQuestions
from sotto.api.panel.conversations import CorrectionStore, FeedbackWriter, FollowLog, NoteStore, QuestionLog
from sotto.aws.audit_log import DynamoAuditLog
from sotto.aws.table import Table
from tests.contract.ports.call_records_contracts import (
    CorrectionsContract,
    FeedbackContract,
    FollowsContract,
    NotesContract,
    QuestionsContract,
    SummariesContract,
    WorkContract,
)
from tests.fakes.call_records import (
    CorrectionsInMemory,
    FeedbackInMemory,
    FollowsInMemory,
    NotesInMemory,
    QuestionsInMemory,
    SummariesInMemory,
    WorkInMemory,
)
from tests.fakes.retention import KeptUntil


class TestFeedbackInMemory(FeedbackContract):
    @pytest.fixture
    def feedback(self) -> FeedbackWriter:
        return FeedbackInMemory()


class TestDynamoFeedback(FeedbackContract):
    @pytest.fixture
    def feedback(self, table: Table) -> FeedbackWriter:
        return DynamoFeedback(table, KeptUntil())


class TestCorrectionsInMemory(CorrectionsContract):
    @pytest.fixture
    def corrections(self) -> CorrectionStore:
        return CorrectionsInMemory()


class TestDynamoCorrections(CorrectionsContract):
    @pytest.fixture
    def corrections(self, table: Table) -> CorrectionStore:
        return DynamoCorrections(table, KeptUntil())


class TestFollowsInMemory(FollowsContract):
    @pytest.fixture
    def follows(self) -> FollowLog:
        return FollowsInMemory()


class TestDynamoFollows(FollowsContract):
    @pytest.fixture
    def follows(self, table: Table) -> FollowLog:
        return DynamoFollows(table, KeptUntil(), DynamoAuditLog(table, KeptUntil()))


class TestSummariesInMemory(SummariesContract):
    @pytest.fixture
    def summaries(self) -> Summaries:
        return SummariesInMemory()


class TestDynamoSummaries(SummariesContract):
    @pytest.fixture
    def summaries(self, table: Table) -> Summaries:
        return DynamoSummaries(table, KeptUntil())


class TestQuestionsInMemory(QuestionsContract):
    @pytest.fixture
    def questions(self) -> QuestionLog:
        return QuestionsInMemory()


class TestDynamoQuestions(QuestionsContract):
    @pytest.fixture
    def questions(self, table: Table) -> QuestionLog:
        return DynamoQuestions(table, KeptUntil())


class TestNotesInMemory(NotesContract):
    @pytest.fixture
    def notes(self) -> NoteStore:
        return NotesInMemory()


class TestDynamoNotes(NotesContract):
    @pytest.fixture
    def notes(self, table: Table) -> NoteStore:
        return DynamoNotes(table, KeptUntil())


class TestWorkInMemory(WorkContract):
    @pytest.fixture
    def records(self) -> WorkRecords:
        return WorkInMemory()


class TestDynamoWork(WorkContract):
    @pytest.fixture
    def records(self, table: Table) -> WorkRecords:
        return DynamoWork(table, KeptUntil())
