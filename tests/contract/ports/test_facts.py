"""Contract: facts in DynamoDB, and those in memory that tests use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sotto.aws.table import Table
from sotto.contacts.adapters.dynamodb_facts import DynamoFacts
from sotto.contacts.facts import FactStore
from tests.contract.ports.facts_contract import FactsContract
from tests.fakes.facts import FactsInMemory
from tests.fakes.retention import KeptUntil


class TestFactsInMemory(FactsContract):
    @pytest.fixture
    def facts(self) -> FactStore:
        return FactsInMemory()

    @pytest.fixture
    def events(self, facts: FactsInMemory) -> Callable[[], list[str]]:
        return lambda: sorted(each.name for each in facts.events)


class TestDynamoFacts(FactsContract):
    @pytest.fixture
    def facts(self, table: Table) -> FactStore:
        return DynamoFacts(table, KeptUntil())

    @pytest.fixture
    def events(self, outbox: Callable[[], list[str]]) -> Callable[[], list[str]]:
        return outbox
