"""Who looks into a call without serving it: an entry of the audit log, and beside the call a mark of the latest."""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import Table
from sotto.core.audit import AuditAction, AuditEntry, AuditLog, contact_record


class DynamoFollows:
    """The mark only saves a reader's every request from searching the log."""

    def __init__(self, table: Table, retention: Retention, audit: AuditLog) -> None:
        self._table = table
        self._retention = retention
        self._audit = audit

    def record(self, tenant: str, contact_id: str, who: str, at_ms: int) -> None:
        self._audit.append(AuditEntry(tenant, who, AuditAction.LOOKED_INTO, contact_record(contact_id), at_ms))
        self._table.put(
            {
                "pk": keys.of_contact(tenant, contact_id),
                "sk": keys.of_follower(who),
                "at_ms": at_ms,
                "expires_at": self._retention.expires_at(tenant),
            }
        )

    def has_followed(self, tenant: str, contact_id: str, who: str, since_ms: int) -> bool:
        latest = self._table.get(keys.of_contact(tenant, contact_id), keys.of_follower(who))
        return latest is not None and int(latest["at_ms"]) >= since_ms
