"""Contract tests: what tenants published, in memory and in DynamoDB's and S3's emulation."""

from __future__ import annotations

import boto3
import pytest

from sotto.aws.table import Table
from sotto.tenants.adapters.published_books import PublishedBooks
from tests.contract.ports.books_contract import Books, BooksContract
from tests.fakes.books import BooksInMemory
from tests.fakes.turned_clock import TurnedClock


class TestBooksInMemory(BooksContract):
    @pytest.fixture
    def books(self) -> Books:
        return BooksInMemory()


class TestPublishedBooks(BooksContract):
    @pytest.fixture
    def books(self, aws: boto3.Session, table: Table) -> Books:
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="artifacts")
        return PublishedBooks(table, s3, "artifacts", TurnedClock())
