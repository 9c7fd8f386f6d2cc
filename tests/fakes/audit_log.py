"""The audit log in memory, with the rules of the stored one."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.aws import keys
from sotto.core.audit import AuditEntry


class AuditLogInMemory:
    """An AuditLog. ``all``: of every tenant, as they were appended first."""

    def __init__(self) -> None:
        self.all: list[AuditEntry] = []

    def append(self, entry: AuditEntry) -> None:
        keys.of_tenant(entry.tenant)
        if entry not in self.all:
            self.all.append(entry)

    def entries(self, tenant: str, since_ms: int, until_ms: int) -> Iterator[AuditEntry]:
        keys.of_tenant(tenant)
        ours = (each for each in self.all if each.tenant == tenant and since_ms <= each.at_ms < until_ms)
        return iter(sorted(ours, key=lambda each: each.at_ms))
