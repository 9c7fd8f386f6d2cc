"""The audit log in a table of its own, whose items a tenant's role may add and read, but neither change nor delete.

A partition holds a tenant's day, so that the log is read in order and no partition grows for ever. What was done with
one contact is there once more, in a partition of that contact: nobody reads the years to find it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table
from sotto.core.audit import MOST_ABOUT, AuditAction, AuditEntry, contact_record

_ABOUT_A_CONTACT = contact_record("")


class DynamoAuditLog:
    """An AuditLog. ``retention``: the log's own, not the calls'."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def append(self, entry: AuditEntry) -> None:
        item = self._item(entry)
        if entry.record.startswith(_ABOUT_A_CONTACT):
            self._put(item | {"pk": keys.of_audit_record(entry.tenant, entry.record)})
        self._put(item)

    def _put(self, item: dict[str, Any]) -> None:
        try:
            self._table.put(item, "attribute_not_exists(pk)")
        except ConditionFailed:
            return  # this very entry: all that it says is part of its key

    def entries(self, tenant: str, since_ms: int, until_ms: int) -> Iterator[AuditEntry]:
        for day in _days(since_ms, until_ms):
            pk = keys.of_audit_day(tenant, day)
            for item in self._table.between(pk, f"{since_ms:013d}", f"{until_ms - 1:013d}#~"):
                yield _entry(item)

    def about_contact(self, tenant: str, contact_id: str) -> Sequence[AuditEntry]:
        pk = keys.of_audit_record(tenant, contact_record(contact_id))
        found = self._table.between(pk, "0", "~", MOST_ABOUT, backwards=True)
        return [_entry(item) for item in reversed(list(found))]

    def _item(self, entry: AuditEntry) -> dict[str, Any]:
        return {
            "pk": keys.of_audit_day(entry.tenant, _day(entry.at_ms)),
            "sk": f"{entry.at_ms:013d}#{entry.action.value}#{entry.record}#{entry.who}",
            "tenant": entry.tenant,
            "who": entry.who,
            "action": entry.action.value,
            "record": entry.record,
            "at_ms": entry.at_ms,
            "expires_at": self._retention.expires_at(entry.tenant),
        }


def _entry(item: dict[str, Any]) -> AuditEntry:
    return AuditEntry(item["tenant"], item["who"], AuditAction(item["action"]), item["record"], int(item["at_ms"]))


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()


def _days(since_ms: int, until_ms: int) -> Iterator[str]:
    day = datetime.fromtimestamp(since_ms / 1000, UTC).date()
    while day.isoformat() <= _day(until_ms - 1):
        yield day.isoformat()
        day += timedelta(days=1)
