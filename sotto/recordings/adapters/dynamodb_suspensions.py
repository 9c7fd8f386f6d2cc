"""Which recordings are suspended: beside the contact, and while they are, in a partition of the tenant's that a sweep
reads. An order that comes late finds the one that it follows there."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.core.validation import silent
from sotto.recordings.suspension.guard import Suspension, SuspensionChanged

_suspension = silent(Suspension)


class DynamoSuspensions:
    """A Suspensions."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def suspension(self, tenant: str, contact_id: str) -> Suspension | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.SUSPENSION)
        return _suspension.validate_json(item["body"]) if item else None

    def store(self, now: Suspension, *, before: Suspension | None) -> None:
        item = self._item(keys.of_contact(now.tenant, now.contact_id), keys.SUSPENSION, now)
        is_known: Write = (
            (item, "attribute_not_exists(pk)", {})
            if before is None
            else (item, "ordered_at_ms = :before", {"before": before.ordered_at_ms})
        )
        listed, writes = keys.of_suspended(now.tenant), [is_known]
        old, new = _place(before), _place(now)
        if new is not None:
            writes.append((self._item(listed, new, now), None, {}))
        gone = [(listed, old)] if old is not None and old != new else []
        try:
            self._table.put_all(writes, gone)
        except ConditionFailed as error:
            raise SuspensionChanged("another order was followed meanwhile") from error

    def forget(self, one: Suspension) -> None:
        place = _place(one)
        if place is not None:
            self._table.delete(keys.of_suspended(one.tenant), place)

    def overdue(self, tenant: str, at_ms: int, limit: int) -> Sequence[Suspension]:
        until = f"{at_ms:013d}#~"
        found = self._table.between(keys.of_suspended(tenant), "0", until, limit)
        return [_suspension.validate_json(item["body"]) for item in found]

    def _item(self, pk: str, sk: str, now: Suspension) -> dict[str, object]:
        return {
            "pk": pk,
            "sk": sk,
            "ordered_at_ms": now.ordered_at_ms,
            "body": _suspension.dump_json(now).decode(),
            "expires_at": self._retention.expires_at(now.tenant),
        }


def _place(one: Suspension | None) -> str | None:
    """Among those that are suspended; None for one that is not."""
    if one is None or one.since_ms is None:
        return None
    return keys.of_suspended_until(one.until_ms, one.contact_id)
