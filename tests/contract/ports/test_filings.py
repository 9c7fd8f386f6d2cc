"""Contract tests: the outbox of filings and what became of calls, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.aws.table import Table
from sotto.filing.adapters.dynamodb_filings import DynamoFilings
from sotto.filing.adapters.dynamodb_notes import DynamoCallNotes
from sotto.filing.adapters.dynamodb_outcomes import DynamoOutcomes
from sotto.filing.notes import CallNotes
from sotto.filing.outbox import FilingRows
from sotto.filing.outcomes import OutcomeStore
from tests.contract.ports.filings_contract import CallNotesContract, FilingRowsContract, OutcomeStoreContract
from tests.fakes.filings import CallNotesInMemory, FilingRowsInMemory, OutcomesInMemory
from tests.fakes.retention import KeptUntil


class TestFilingRowsInMemory(FilingRowsContract):
    @pytest.fixture
    def rows(self) -> FilingRows:
        return FilingRowsInMemory()


class TestDynamoFilings(FilingRowsContract):
    @pytest.fixture
    def rows(self, table: Table) -> FilingRows:
        return DynamoFilings(table, KeptUntil())


class TestOutcomesInMemory(OutcomeStoreContract):
    @pytest.fixture
    def outcomes(self) -> OutcomeStore:
        return OutcomesInMemory()


class TestDynamoOutcomes(OutcomeStoreContract):
    @pytest.fixture
    def outcomes(self, table: Table) -> OutcomeStore:
        return DynamoOutcomes(table, KeptUntil())


class TestCallNotesInMemory(CallNotesContract):
    @pytest.fixture
    def notes(self) -> CallNotes:
        return CallNotesInMemory()


class TestDynamoCallNotes(CallNotesContract):
    @pytest.fixture
    def notes(self, table: Table) -> CallNotes:
        return DynamoCallNotes(table, KeptUntil())
