"""Contract: suspensions in DynamoDB, and those in memory that tests use."""

from __future__ import annotations

import pytest

from sotto.aws.table import Table
from sotto.recordings.adapters.dynamodb_suspensions import DynamoSuspensions
from sotto.recordings.suspension.guard import Suspensions
from tests.contract.ports.suspensions_contract import SuspensionsContract
from tests.fakes.retention import KeptUntil
from tests.fakes.suspensions import SuspensionsInMemory


class TestSuspensionsInMemory(SuspensionsContract):
    @pytest.fixture
    def suspensions(self) -> Suspensions:
        return SuspensionsInMemory()


class TestDynamoSuspensions(SuspensionsContract):
    @pytest.fixture
    def suspensions(self, table: Table) -> Suspensions:
        return DynamoSuspensions(table, KeptUntil())
