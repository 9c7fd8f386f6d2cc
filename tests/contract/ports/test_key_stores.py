"""Contract tests: API keys, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.api.adapters.dynamodb_keys import DynamoKeys
from sotto.api.keys.store import KeyStore
from sotto.aws.table import Table
from tests.contract.ports.key_store_contract import KEY, KeyStoreContract
from tests.fakes.api_keys import KeysInMemory


class TestKeysInMemory(KeyStoreContract):
    @pytest.fixture
    def store(self) -> KeyStore:
        return KeysInMemory()


class TestDynamoKeys(KeyStoreContract):
    @pytest.fixture
    def store(self, table: Table) -> KeyStore:
        return DynamoKeys(table)

    def test_what_lies_there_holds_no_key(self, table: Table) -> None:
        DynamoKeys(table).add(KEY, [])
        assert "sotto_live_" not in str(list(table.stored("bank#keys")))
