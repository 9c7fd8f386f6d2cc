"""Rows of the filing outbox beside the call, each with an entry in the tenant's list of what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.call.events import Event
from sotto.core.validation import silent
from sotto.filing.outbox import DueRow, FilingRow, RowChanged

_row = silent(FilingRow)


class DynamoFilings:
    """FilingRows."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def row(self, tenant: str, contact_id: str, system: str) -> FilingRow | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_filing(system))
        return _row.validate_json(item["body"]) if item else None

    def rows(self, tenant: str, contact_id: str) -> Sequence[FilingRow]:
        items = self._table.between(keys.of_contact(tenant, contact_id), keys.FILING, f"{keys.FILING}~")
        return [_row.validate_json(item["body"]) for item in items]

    def replace(self, row: FilingRow, *, event: Event | None = None) -> FilingRow:
        before, stored = row.version, replace(row, version=row.version + 1)
        known = self.row(row.tenant, row.contact_id, row.system)
        if (known.version if known else 0) != before:
            raise RowChanged
        expires_at = self._retention.expires_at(row.tenant)
        item: dict[str, Any] = {
            "pk": keys.of_contact(row.tenant, row.contact_id),
            "sk": keys.of_filing(row.system),
            "version": stored.version,
            "body": _row.dump_json(stored).decode(),
            "expires_at": expires_at,
        }
        writes: list[Write] = [(item, "attribute_not_exists(pk)", {})]
        if before:
            writes = [(item, "version = :before", {"before": before})]
        due = _due_key(stored)
        if due is not None:
            listed = {"pk": due[0], "sk": due[1], "contact": row.contact_id, "system": row.system}
            writes.append((listed | {"due_at_ms": stored.due_at_ms, "expires_at": expires_at}, None, {}))
        if event is not None:
            writes.append(outbox_write(event))
        listed_before = _due_key(known) if known else None
        gone = [listed_before] if listed_before is not None and listed_before != due else []
        try:
            self._table.put_all(writes, gone)
        except ConditionFailed as error:
            raise RowChanged from error
        return stored

    def due(self, tenant: str, now_ms: int, limit: int) -> Sequence[DueRow]:
        last = keys.of_due_filing(now_ms, "", "")
        items = self._table.between(keys.of_filings(tenant), keys.DUE_FILING, last, limit) if limit else ()
        return [DueRow(str(item["contact"]), str(item["system"]), int(item["due_at_ms"])) for item in items]


def _due_key(row: FilingRow) -> tuple[str, str] | None:
    if not row.due_at_ms:
        return None
    return keys.of_filings(row.tenant), keys.of_due_filing(row.due_at_ms, row.contact_id, row.system)
