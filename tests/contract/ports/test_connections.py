"""Contract tests: who listens over the WebSocket channel, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.aws.table import Table
from sotto.realtime.adapters.dynamodb_connections import DynamoConnections
from sotto.realtime.connections import ConnectionTable
from tests.contract.ports.connections_contract import ConnectionsContract
from tests.fakes.connections import ConnectionsInMemory


class TestConnectionsInMemory(ConnectionsContract):
    @pytest.fixture
    def connections(self) -> ConnectionTable:
        return ConnectionsInMemory()


class TestDynamoConnections(ConnectionsContract):
    @pytest.fixture
    def connections(self, table: Table) -> ConnectionTable:
        return DynamoConnections(table)
