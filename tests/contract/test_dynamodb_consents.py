"""Contract tests: decisions in DynamoDB, as moto emulates it."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.consent.adapters.dynamodb_consents import DynamoConsents
from sotto.consent.rules import ConsentDecision, record_of
from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures


class ForAWeek:
    def expires_at(self, tenant: str) -> int:
        return 1_790_604_800


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(
            TableName="contacts",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
        )
        yield Table(client, "contacts")


def test_the_latest_decision_holds_and_none_is_overwritten(table: Table) -> None:
    consents = DynamoConsents(table, ForAWeek())
    assert consents.latest("bank", "c1") is None
    for at_ms, reason in ((9, "always"), (9, "customer_refused"), (1_790_000_000_000, "customer_consented")):
        decision = ConsentDecision(True, reason)
        consents.record(record_of(decision, tenant="bank", contact_id="c1", decided_at_ms=at_ms))
    latest = consents.latest("bank", "c1")
    assert latest is not None and latest.reason == "customer_consented"
    assert [each.reason for each in consents.all("bank", "c1")] == ["always", "customer_refused", "customer_consented"]


def test_dropping_deletes_what_was_said_and_made_of_it_and_nothing_else(table: Table) -> None:
    DynamoConsents(table, ForAWeek()).record(
        record_of(ConsentDecision(False, "x"), tenant="bank", contact_id="c1", decided_at_ms=1)
    )
    texts = [keys.of_utterance(1), keys.of_annotation(1), keys.of_risk(1), keys.of_feedback("a"), keys.STATE]
    texts += [keys.SUMMARY, keys.of_question(7, "call")]
    for contact in ("c1", "c2"):
        for sk in (*texts, keys.CONTACT, keys.LEASE):
            table.put({"pk": keys.of_contact("bank", contact), "sk": sk})
    assert DynamoErasures(table, ForAWeek()).drop("bank", "c1") == len(texts)
    left = {item["sk"] for item in table.between(keys.of_contact("bank", "c1"), " ", "~")}
    assert left == {keys.CONTACT, keys.LEASE, keys.of_consent(1)}
    assert len(list(table.between(keys.of_contact("bank", "c2"), " ", "~"))) == len(texts) + 2
