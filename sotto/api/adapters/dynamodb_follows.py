"""The audit trail of a call: who looked into it without serving it. Kept beside the call and as long as it."""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import Table

ALWAYS = 9_999_999_999_999


class DynamoFollows:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def record(self, tenant: str, contact_id: str, who: str, at_ms: int) -> None:
        self._table.put(
            {
                "pk": keys.of_contact(tenant, contact_id),
                "sk": keys.of_audit(at_ms, who),
                "who": who,
                "at_ms": at_ms,
                "expires_at": self._retention.expires_at(tenant),
            }
        )

    def has_followed(self, tenant: str, contact_id: str, who: str, since_ms: int) -> bool:
        return any(found == who for found, _ in self.follows(tenant, contact_id, since_ms))

    def follows(self, tenant: str, contact_id: str, since_ms: int = 0) -> list[tuple[str, int]]:
        """Who looked in and when (Unix epoch, milliseconds), oldest first."""
        first, last = f"audit#{max(0, since_ms):013d}", f"audit#{ALWAYS}~"
        found = self._table.between(keys.of_contact(tenant, contact_id), first, last)
        return [(item["who"], int(item["at_ms"])) for item in found]
