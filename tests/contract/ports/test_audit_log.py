"""Contract tests: the audit log, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.aws.access import TENANT_RECORDS
from sotto.aws.audit_log import DynamoAuditLog
from sotto.aws.table import Table
from sotto.core.audit import AuditLog
from tests.contract.ports.audit_log_contract import ENTRY, AuditLogContract
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.retention import KeptUntil


class TestAuditLogInMemory(AuditLogContract):
    @pytest.fixture
    def log(self) -> AuditLog:
        return AuditLogInMemory()


class TestDynamoAuditLog(AuditLogContract):
    @pytest.fixture
    def log(self, table: Table) -> AuditLog:
        return DynamoAuditLog(table, KeptUntil())


def test_an_entry_is_never_overwritten(table: Table) -> None:
    DynamoAuditLog(table, KeptUntil(1)).append(ENTRY)
    DynamoAuditLog(table, KeptUntil(2)).append(ENTRY)
    (item,) = table.between("bank#2026-09-21", " ", "~")
    assert item["expires_at"] == 1


def test_a_tenants_role_may_add_and_read_entries_and_nothing_else() -> None:
    (reach,) = [each.of("bank") for each in TENANT_RECORDS if each.table == "sotto-audit"]
    actions = ("PutItem", "Query", "GetItem", "UpdateItem", "DeleteItem", "Scan")
    allowed = [each for each in actions if reach.allows(f"dynamodb:{each}", "sotto-audit", "bank#2026-09-21")]
    assert allowed == ["PutItem", "Query", "GetItem"]
    assert not reach.allows("dynamodb:PutItem", "sotto-audit", "garage#2026-09-21")
