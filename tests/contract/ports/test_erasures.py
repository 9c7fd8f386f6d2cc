"""Contract tests: what calls are erased from, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.consent.adapters.dynamodb_consents import DynamoConsents
from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures
from sotto.contacts.erase import StoredCall
from tests.contract.ports.consents_contract import decided
from tests.contract.ports.erasures_contract import ErasuresContract, Events, Put
from tests.fakes.erasures import ErasuresInMemory
from tests.fakes.retention import KeptUntil


class TestErasuresInMemory(ErasuresContract):
    @pytest.fixture
    def erasures(self) -> StoredCall:
        return ErasuresInMemory()

    @pytest.fixture
    def put(self, erasures: ErasuresInMemory) -> Put:
        return lambda tenant, contact_id, name: erasures.items[keys.of_contact(tenant, contact_id)].append(name)

    @pytest.fixture
    def events(self, erasures: ErasuresInMemory) -> Events:
        return lambda: [each.name for each in erasures.events]


class TestDynamoErasures(ErasuresContract):
    @pytest.fixture
    def erasures(self, table: Table) -> StoredCall:
        return DynamoErasures(table, KeptUntil())

    @pytest.fixture
    def put(self, table: Table) -> Put:
        return lambda tenant, contact_id, name: table.put(
            {"pk": keys.of_contact(tenant, contact_id), "sk": keys.of_feedback(name)}
        )

    @pytest.fixture
    def events(self, outbox: Events) -> Events:
        return outbox


def test_dropping_deletes_what_was_said_and_made_of_it_and_nothing_else(table: Table) -> None:
    DynamoConsents(table, KeptUntil()).record(decided("x", 1))
    texts = [keys.of_utterance(1), keys.of_annotation(1), keys.of_risk(1), keys.of_feedback("a"), keys.STATE]
    texts += [
        keys.SUMMARY,
        keys.of_summary_version(1),
        keys.AFTER_CALL,
        keys.REVIEW,
        keys.of_question(7, "call"),
        keys.of_note("note-0001"),
    ]
    for contact in ("c1", "c2"):
        for sk in (*texts, keys.CONTACT, keys.LEASE):
            table.put({"pk": keys.of_contact("bank", contact), "sk": sk})
    assert DynamoErasures(table, KeptUntil()).drop("bank", "c1") == len(texts)
    left = {item["sk"] for item in table.between(keys.of_contact("bank", "c1"), " ", "~")}
    assert left == {keys.CONTACT, keys.LEASE, keys.of_consent(1)}
    assert len(list(table.between(keys.of_contact("bank", "c2"), " ", "~"))) == len(texts) + 2
