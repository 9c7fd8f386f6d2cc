"""The audit log in memory, with the rules of the stored one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sotto.aws import keys
from sotto.core.audit import MOST_ABOUT, AuditEntry, contact_record


class AuditLogInMemory:
    """An AuditLog. ``all``: of every tenant, as they were appended first."""

    def __init__(self) -> None:
        self.all: list[AuditEntry] = []

    def append(self, entry: AuditEntry) -> None:
        keys.of_tenant(entry.tenant)
        if entry not in self.all:
            self.all.append(entry)

    def about_contact(self, tenant: str, contact_id: str) -> Sequence[AuditEntry]:
        keys.of_audit_record(tenant, contact_record(contact_id))
        ours = (each for each in self.all if (each.tenant, each.record) == (tenant, contact_record(contact_id)))
        return sorted(ours, key=lambda each: each.at_ms)[-MOST_ABOUT:]

    def entries(self, tenant: str, since_ms: int, until_ms: int) -> Iterator[AuditEntry]:
        keys.of_tenant(tenant)
        ours = (each for each in self.all if each.tenant == tenant and since_ms <= each.at_ms < until_ms)
        return iter(sorted(ours, key=lambda each: each.at_ms))
