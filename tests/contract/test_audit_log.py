"""Contract: the audit log in DynamoDB, as moto emulates it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from moto import mock_aws

from sotto.aws.access import TENANT_RECORDS
from sotto.aws.audit_log import DynamoAuditLog
from sotto.aws.table import Table
from sotto.core.audit import AuditAction, AuditEntry

MIDNIGHT_MS = 1_789_948_800_000
ENTRY = AuditEntry("bank", "sue", AuditAction.LOOKED_INTO, "contact/c1", MIDNIGHT_MS)


class ForTwoYears:
    def __init__(self, expires_at: int) -> None:
        self._expires_at = expires_at

    def expires_at(self, tenant: str) -> int:
        return self._expires_at


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(
            TableName="audit",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )
        yield Table(client, "audit")


def test_entries_come_back_in_order_across_days_and_are_one_tenants(table: Table) -> None:
    log = DynamoAuditLog(table, ForTwoYears(1))
    entries = [
        replace(ENTRY, at_ms=MIDNIGHT_MS - 1),
        ENTRY,
        replace(ENTRY, who="arn:aws:sts::1:assumed-role/engineer", action=AuditAction.BOOK_PUBLISHED, record="book/v1"),
        replace(ENTRY, at_ms=MIDNIGHT_MS + 1),
    ]
    for entry in (*reversed(entries), replace(ENTRY, tenant="garage")):
        log.append(entry)
    found = list(log.entries("bank", MIDNIGHT_MS - 1, MIDNIGHT_MS + 2))
    assert sorted(found, key=lambda each: each.at_ms) == found and len(found) == 4 and set(found) == set(entries)
    at_midnight = [each for each in found if each.at_ms == MIDNIGHT_MS]
    assert list(log.entries("bank", MIDNIGHT_MS, MIDNIGHT_MS + 1)) == at_midnight and len(at_midnight) == 2


def test_an_entry_is_never_overwritten_and_twice_is_as_good_as_once(table: Table) -> None:
    DynamoAuditLog(table, ForTwoYears(1)).append(ENTRY)
    DynamoAuditLog(table, ForTwoYears(2)).append(ENTRY)
    (item,) = table.between("bank#2026-09-21", " ", "~")
    assert item["expires_at"] == 1


def test_a_tenants_role_may_add_and_read_entries_and_nothing_else() -> None:
    (reach,) = [each.of("bank") for each in TENANT_RECORDS if each.table == "sotto-audit"]
    actions = ("PutItem", "Query", "GetItem", "UpdateItem", "DeleteItem", "Scan")
    allowed = [each for each in actions if reach.allows(f"dynamodb:{each}", "sotto-audit", "bank#2026-09-21")]
    assert allowed == ["PutItem", "Query", "GetItem"]
    assert not reach.allows("dynamodb:PutItem", "sotto-audit", "garage#2026-09-21")
