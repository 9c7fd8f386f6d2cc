"""Contract tests: gaps, their groups and new intents, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.aws.table import Table
from sotto.learning.adapters.dynamodb_gaps import DynamoGaps
from sotto.learning.adapters.dynamodb_new_intents import DynamoNewIntents
from sotto.learning.gaps.ports import GapStore, NewIntents
from tests.contract.ports.gaps_contract import GapsContract, NewIntentsContract
from tests.fakes.gaps import GapsInMemory, NewIntentsInMemory
from tests.fakes.retention import KeptUntil


class TestGapsInMemory(GapsContract):
    @pytest.fixture
    def gaps(self) -> GapStore:
        return GapsInMemory()


class TestDynamoGaps(GapsContract):
    @pytest.fixture
    def gaps(self, table: Table) -> GapStore:
        return DynamoGaps(table, KeptUntil())


class TestNewIntentsInMemory(NewIntentsContract):
    @pytest.fixture
    def new_intents(self) -> NewIntents:
        return NewIntentsInMemory()


class TestDynamoNewIntents(NewIntentsContract):
    @pytest.fixture
    def new_intents(self, table: Table) -> NewIntents:
        return DynamoNewIntents(table)
