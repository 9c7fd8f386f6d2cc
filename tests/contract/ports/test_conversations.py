"""Contract tests: what was said and shown in a call, in memory and in DynamoDB's emulation; and how the panel reads
it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from sotto.api.panel.conversation_view import ConversationView
from sotto.api.panel.conversations import ConversationReader
from sotto.aws import keys
from sotto.aws.table import Table
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
from sotto.core.clock import SystemClock
from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations
from sotto.transcription.adapters.dynamodb_leases import DynamoLeases
from sotto.transcription.lease.lease import Takeover
from tests.contract.ports.conversation_reader_contract import ConversationReaderContract, Place
from tests.contract.ports.conversations_contract import (
    Commit,
    Conversations,
    ConversationsContract,
    any_annotation,
    any_conversation,
    saved,
)
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.retention import KeptUntil


class TestConversationsInMemory(ConversationsContract):
    @pytest.fixture
    def conversations(self) -> Conversations:
        return ConversationsInMemory()

    @pytest.fixture
    def commit(self, conversations: ConversationsInMemory) -> Commit:
        return conversations.all_utterances.append


class TestDynamoConversations(ConversationsContract):
    @pytest.fixture
    def conversations(self, table: Table) -> Conversations:
        return DynamoConversations(table, KeptUntil(), SystemClock())

    @pytest.fixture
    def commit(self, table: Table) -> Commit:
        leases = DynamoLeases(table, KeptUntil())
        lease = leases.take("bank", "c1", Takeover("w", 1), now_ms=0)
        assert lease is not None

        def committed(utterance: Utterance) -> None:
            leases.commit(lease, utterance, lease.checkpoint)

        return committed

    def test_a_moment_is_announced_in_the_transaction_that_stores_it(
        self, conversations: Conversations, outbox: Callable[[], list[str]]
    ) -> None:
        fact, action = any_annotation(2, show={"fact": True}), any_annotation(3, kind=AnnotationKind.ACTION)
        saved(conversations, any_annotation(1), fact, action)
        assert outbox() == ["moment.noticed#id-1#1"]

    def test_a_state_that_was_kept_as_text_is_still_read(self, table: Table, conversations: Conversations) -> None:
        before = any_conversation(1)
        saved(conversations)
        item = table.get(keys.of_contact("bank", "c1"), keys.STATE)
        assert item is not None
        table.put_all([(item | {"body": zlib.decompress(item["body"].value).decode()}, None, {})])
        assert conversations.conversation("bank", "c1") == before


class TestConversationReaderInMemory(ConversationReaderContract):
    @pytest.fixture
    def reader(self) -> ConversationReader:
        return ConversationsInMemory()

    @pytest.fixture
    def place(self, reader: ConversationsInMemory) -> Place:
        return reader.all_contacts.append


class TestConversationView(ConversationReaderContract):
    @pytest.fixture
    def reader(self, table: Table) -> ConversationReader:
        return ConversationView(
            DynamoContacts(table, KeptUntil()), DynamoConversations(table, KeptUntil(), SystemClock())
        )

    @pytest.fixture
    def place(self, table: Table) -> Place:
        contacts = DynamoContacts(table, KeptUntil())

        def placed(contact: Contact) -> None:
            contacts.record(replace(contact, version=0))
            contacts.replace(contact, expected_version=0)

        return placed
