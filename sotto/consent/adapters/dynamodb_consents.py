"""Decisions about consent among the contact's items."""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.call.events import ConsentWithdrawn
from sotto.consent.rules import ConsentRecord, is_withdrawal
from sotto.core.validation import silent

_record = silent(ConsentRecord)

FIRST, LAST = keys.of_consent(0), "consent#~"
SAME_MS = 50


class DynamoConsents:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def record(self, record: ConsentRecord) -> None:
        """A decision is never overwritten: two of one millisecond lie side by side."""
        for later_ms in range(SAME_MS):
            at_ms = record.decided_at_ms + later_ms
            writes: list[Write] = [(self._item(record, at_ms), "attribute_not_exists(pk)", {})]
            if is_withdrawal(record):
                writes.append(outbox_write(ConsentWithdrawn.of(record.tenant, record.contact_id, decided_at_ms=at_ms)))
            try:
                self._table.put_all(writes)
                return
            except ConditionFailed:
                continue

    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None:
        found = list(self._table.between(keys.of_contact(tenant, contact_id), FIRST, LAST))
        return _record.validate_json(found[-1]["body"]) if found else None

    def all(self, tenant: str, contact_id: str) -> list[ConsentRecord]:
        """Every decision, oldest first."""
        found = self._table.between(keys.of_contact(tenant, contact_id), FIRST, LAST)
        return [_record.validate_json(item["body"]) for item in found]

    def decision(self, tenant: str, contact_id: str, decided_at_ms: int) -> ConsentRecord | None:
        """The one that an event names."""
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_consent(decided_at_ms))
        return _record.validate_json(item["body"]) if item else None

    def _item(self, record: ConsentRecord, at_ms: int) -> dict[str, object]:
        return {
            "pk": keys.of_contact(record.tenant, record.contact_id),
            "sk": keys.of_consent(at_ms),
            "body": _record.dump_json(record).decode(),
            "expires_at": self._retention.expires_at(record.tenant),
        }
