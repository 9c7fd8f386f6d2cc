"""Contract: the directory in DynamoDB, the one in memory that tests use, and either behind a cache."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.contacts.adapters.dynamodb_directory import LIFE_S, DynamoDirectory
from sotto.contacts.directory import DirectoryStore
from tests.contract.ports.directory_contract import EMMA, ONE, DirectoryContract
from tests.fakes.clock import ClockByHand
from tests.fakes.directory import DirectoryInMemory
from tests.fakes.retention import A_WEEK_ON, KeptUntil

NOW_MS = 1_790_000_000_000


class TestDirectoryInMemory(DirectoryContract):
    @pytest.fixture
    def directory(self) -> DirectoryStore:
        return DirectoryInMemory()


class TestDynamoDirectory(DirectoryContract):
    @pytest.fixture
    def directory(self, table: Table) -> DirectoryStore:
        return DynamoDirectory(table, KeptUntil(), ClockByHand(NOW_MS))


def test_rows_expire_by_themselves_and_those_who_left_with_the_tenants_records(table: Table) -> None:
    directory = DynamoDirectory(table, KeptUntil(), ClockByHand(NOW_MS))
    directory.put_agents("bank", ONE, [EMMA])
    row = table.get(keys.of_directory("bank"), keys.of_directory_agent("u-1"))
    assert row is not None
    assert row["expires_at"] == NOW_MS // 1000 + LIFE_S
    directory.put_agents("bank", ONE, [replace(EMMA, left_at_ms=NOW_MS)])
    row = table.get(keys.of_directory("bank"), keys.of_directory_agent("u-1"))
    assert row is not None
    assert row["expires_at"] == A_WEEK_ON
