"""Contract tests: drafts, replays and published playbooks, in memory and in the emulated account."""

from __future__ import annotations

import boto3
import pytest

from sotto.aws.table import Table
from sotto.playbooks.adapters.dynamodb_playbooks import DynamoDrafts, DynamoReplays
from sotto.playbooks.draft import DraftStore
from sotto.playbooks.replay.run import ReplayStore
from sotto.playbooks.shelf import PlaybookShelf
from sotto.tenants.adapters.published_books import PublishedBooks
from sotto.tenants.adapters.published_playbooks import PublishedPlaybooks
from tests.contract.ports.playbooks_contract import (
    NOW,
    DraftStoreContract,
    PlaybookShelfContract,
    ReplayStoreContract,
    version_of,
    with_set,
)
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.playbooks import DraftsInMemory, ReplaysInMemory, ShelfOfPlaybooks

INSTANCE = "11111111-2222-3333-4444-555555555555"


class TestDraftsInMemory(DraftStoreContract):
    @pytest.fixture
    def drafts(self) -> DraftStore:
        return DraftsInMemory()


class TestDynamoDrafts(DraftStoreContract):
    @pytest.fixture
    def drafts(self, table: Table) -> DraftStore:
        return DynamoDrafts(table)


class TestReplaysInMemory(ReplayStoreContract):
    @pytest.fixture
    def replays(self) -> ReplayStore:
        return ReplaysInMemory(ClockByHand(NOW))


class TestDynamoReplays(ReplayStoreContract):
    @pytest.fixture
    def replays(self, table: Table) -> ReplayStore:
        return DynamoReplays(table, ClockByHand(NOW))


class TestShelfOfPlaybooks(PlaybookShelfContract):
    @pytest.fixture
    def shelf(self) -> PlaybookShelf:
        return ShelfOfPlaybooks(BooksInMemory(any_book()))


class TestPublishedPlaybooks(PlaybookShelfContract):
    @pytest.fixture
    def books(self, aws: boto3.Session, table: Table) -> PublishedBooks:
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="artifacts")
        books = PublishedBooks(table, s3, "artifacts", ClockByHand(NOW))
        books.publish(any_book("bank"))
        return books

    @pytest.fixture
    def shelf(self, aws: boto3.Session, table: Table, books: PublishedBooks) -> PlaybookShelf:
        return PublishedPlaybooks(table, aws.client("s3"), "artifacts", books)

    def test_instances_stay_the_tenants_and_a_push_still_frees_them(
        self, shelf: PlaybookShelf, books: PublishedBooks
    ) -> None:
        books.publish(any_book("bank", INSTANCE))
        book = with_set("one").model_copy(update={"settings": shelf.book("bank").settings}).sealed()
        shelf.publish(book, version_of(book, NOW), instead_of=shelf.book("bank").version)
        assert books.tenant_of(INSTANCE) == "bank"
        books.publish(any_book("bank"))
        assert books.tenant_of(INSTANCE) is None

    def test_a_push_keeps_the_text_that_it_came_with(self, shelf: PlaybookShelf, books: PublishedBooks) -> None:
        book = with_set("one")
        books.publish(book, playbook=version_of(book, NOW))
        assert shelf.versions("bank", limit=9) == [version_of(book, NOW)]
