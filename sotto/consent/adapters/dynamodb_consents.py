"""Decisions about consent in the contact's items, and the removal of what was kept of a call."""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table
from sotto.consent.rules import ConsentRecord
from sotto.core.validation import silent

_record = silent(ConsentRecord)

FIRST, LAST = keys.of_consent(0), "consent#~"
SAME_MS = 50
KEPT = (
    ("annotation#", "annotation#~"),
    ("feedback#", "feedback#~"),
    ("question#", "question#~"),
    ("risk#", "risk#~"),
    (keys.STATE, keys.STATE),
    (keys.SUMMARY, keys.SUMMARY),
    ("utterance#", "utterance#~"),
)
"""What was said and what was made of it. The contact, its lease and its decisions stay: they hold no text."""


class DynamoConsents:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def record(self, record: ConsentRecord) -> None:
        """A decision is never overwritten: two of one millisecond lie side by side."""
        for later_ms in range(SAME_MS):
            try:
                self._table.put(self._item(record, record.decided_at_ms + later_ms), "attribute_not_exists(pk)")
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

    def drop(self, tenant: str, contact_id: str) -> int:
        """Delete what was kept of a call; returns how many items that were."""
        pk, dropped = keys.of_contact(tenant, contact_id), 0
        for first, last in KEPT:
            for item in list(self._table.between(pk, first, last)):
                self._table.delete(pk, item["sk"])
                dropped += 1
        return dropped

    def _item(self, record: ConsentRecord, at_ms: int) -> dict[str, object]:
        return {
            "pk": keys.of_contact(record.tenant, record.contact_id),
            "sk": keys.of_consent(at_ms),
            "body": _record.dump_json(record).decode(),
            "expires_at": self._retention.expires_at(record.tenant),
        }
