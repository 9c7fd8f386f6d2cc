"""Contract tests: contacts and who is talking to whom, in memory and in DynamoDB's emulation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.call.contact import ContactStatus
from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
from tests.contract.ports.contacts_contract import Contacts, ContactsContract, changed_to, connected
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.retention import KeptUntil


class TestContactsInMemory(ContactsContract):
    @pytest.fixture
    def contacts(self) -> Contacts:
        return ContactsInMemory()

    @pytest.fixture
    def events(self, contacts: ContactsInMemory) -> Callable[[], list[str]]:
        return lambda: sorted(each.name for each in contacts.events)


class TestDynamoContacts(ContactsContract):
    @pytest.fixture
    def contacts(self, table: Table) -> Contacts:
        return DynamoContacts(table, KeptUntil())

    @pytest.fixture
    def events(self, outbox: Callable[[], list[str]]) -> Callable[[], list[str]]:
        return outbox


def test_an_ended_call_leaves_no_item_in_its_teams_list(table: Table) -> None:
    changed_to(DynamoContacts(table, KeptUntil()), connected(), connected(2, status=ContactStatus.ENDED))
    assert list(table.between(keys.of_team("bank", "retention"), " ", "~")) == []
