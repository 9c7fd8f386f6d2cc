"""Contract tests: who decided what about a call's capture, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.aws.table import Table
from sotto.consent.adapters.dynamodb_consents import DynamoConsents
from tests.contract.ports.consents_contract import ConsentsContract, StoredConsents, decided
from tests.fakes.retention import KeptUntil


class TestConsentsInMemory(ConsentsContract):
    @pytest.fixture
    def consents(self) -> StoredConsents:
        return ConsentsInMemory()


class TestDynamoConsents(ConsentsContract):
    @pytest.fixture
    def consents(self, table: Table) -> StoredConsents:
        return DynamoConsents(table, KeptUntil())


def test_every_decision_stays_on_record_oldest_first(table: Table) -> None:
    consents = DynamoConsents(table, KeptUntil())
    for at_ms, reason in ((9, "always"), (9, "customer_refused"), (1_790_000_000_000, "customer_consented")):
        consents.record(decided(reason, at_ms))
    assert [each.reason for each in consents.all("bank", "c1")] == ["always", "customer_refused", "customer_consented"]
