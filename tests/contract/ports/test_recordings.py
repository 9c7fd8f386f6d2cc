"""Contract: what is known of recordings in DynamoDB, and in memory as tests use it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sotto.aws.table import Table
from sotto.recordings.adapters.dynamodb_recordings import DynamoRecordings
from sotto.recordings.record import RecordingStore
from tests.contract.ports.recordings_contract import RecordingStoreContract
from tests.fakes.recordings import RecordingsInMemory
from tests.fakes.retention import KeptUntil


class TestRecordingsInMemory(RecordingStoreContract):
    @pytest.fixture
    def store(self) -> RecordingStore:
        return RecordingsInMemory()

    @pytest.fixture
    def events(self, store: RecordingsInMemory) -> Callable[[], list[str]]:
        return lambda: sorted(each.name for each in store.events)


class TestDynamoRecordings(RecordingStoreContract):
    @pytest.fixture
    def store(self, table: Table) -> RecordingStore:
        return DynamoRecordings(table, KeptUntil())

    @pytest.fixture
    def events(self, outbox: Callable[[], list[str]]) -> Callable[[], list[str]]:
        return outbox
