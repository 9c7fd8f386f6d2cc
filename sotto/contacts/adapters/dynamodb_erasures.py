"""Deleting what was said in a call, and what says that it was deleted."""

from __future__ import annotations

from typing import Any

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table
from sotto.call.events import ConversationErased
from sotto.contacts.erase import Erasure
from sotto.core.validation import silent

_erasure = silent(Erasure)

KEPT = frozenset({keys.CONTACT, keys.LEASE, keys.FACTS})
KEPT_BEGINNINGS = (keys.EVENT, keys.FILING, "consent#", "erasure#")
"""What was measured, decided, announced and filed stays: it holds no words, and of what was filed no record's id once
it is erased there. Everything else goes, whoever has added it."""


class DynamoErasures:
    """A StoredCall."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def drop(self, tenant: str, contact_id: str) -> int:
        pk, dropped = keys.of_contact(tenant, contact_id), 0
        for item in self._words_of(pk):
            if keys.BESIDE in item:  # first, because afterwards nothing names it
                self._table.delete(*item[keys.BESIDE])
            self._table.delete(pk, item["sk"])
            dropped += 1
        return dropped

    def left(self, tenant: str, contact_id: str) -> int:
        return len(self._words_of(keys.of_contact(tenant, contact_id)))

    def _words_of(self, pk: str) -> list[dict[str, Any]]:
        return [item for item in self._table.stored(pk) if not is_kept(item["sk"])]

    def erasure(self, tenant: str, contact_id: str, asked_by: int) -> Erasure | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_erasure(asked_by))
        return _erasure.validate_json(item["body"]) if item else None

    def record(self, erasure: Erasure) -> Erasure:
        item = {
            "pk": keys.of_contact(erasure.tenant, erasure.contact_id),
            "sk": keys.of_erasure(erasure.asked_by),
            "body": _erasure.dump_json(erasure).decode(),
            "expires_at": self._retention.expires_at(erasure.tenant),
        }
        event = ConversationErased.of(
            erasure.tenant, erasure.contact_id, asked_by=erasure.asked_by, at_ms=erasure.erased_at_ms
        )
        try:
            self._table.put_all([(item, "attribute_not_exists(pk)", {}), outbox_write(event)])
        except ConditionFailed as error:
            first = self.erasure(erasure.tenant, erasure.contact_id, erasure.asked_by)
            if first is None:
                raise StorageUnavailable("another process records this erasure in the same moment") from error
            return first
        return erasure


def is_kept(sk: str) -> bool:
    return sk in KEPT or sk.startswith(KEPT_BEGINNINGS)
