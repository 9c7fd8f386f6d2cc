"""Contract tests: what the API keeps of requests, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.api.adapters.dynamodb_requests import DynamoRequests, DynamoWrites
from sotto.api.rest.ports import Requests, Writes
from sotto.aws.table import Table
from tests.contract.ports.api_requests_contract import RequestsContract, WritesContract
from tests.fakes.api_requests import RequestsInMemory, WritesInMemory


class TestRequestsInMemory(RequestsContract):
    @pytest.fixture
    def requests(self) -> Requests:
        return RequestsInMemory()


class TestDynamoRequests(RequestsContract):
    @pytest.fixture
    def requests(self, table: Table) -> Requests:
        return DynamoRequests(table)


class TestWritesInMemory(WritesContract):
    @pytest.fixture
    def writes(self) -> Writes:
        return WritesInMemory()


class TestDynamoWrites(WritesContract):
    @pytest.fixture
    def writes(self, table: Table) -> Writes:
        return DynamoWrites(table)
