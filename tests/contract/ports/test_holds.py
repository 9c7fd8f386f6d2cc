"""Contract tests: legal holds, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.aws.table import Table
from sotto.erasure.adapters.dynamodb_holds import DynamoHolds
from sotto.erasure.hold import HoldStore
from tests.contract.ports.holds_contract import HoldsContract
from tests.fakes.holds import HoldsInMemory
from tests.fakes.retention import KeptUntil


class TestHoldsInMemory(HoldsContract):
    @pytest.fixture
    def holds(self) -> HoldStore:
        return HoldsInMemory()


class TestDynamoHolds(HoldsContract):
    @pytest.fixture
    def holds(self, table: Table) -> HoldStore:
        return DynamoHolds(table, KeptUntil())
