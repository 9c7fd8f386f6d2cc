"""The audit trail of what tenants keep in clear; an entry is never changed, and outlives the book that it is about."""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.core.validation import silent
from sotto.tenants.acknowledged import Acknowledgement

_acknowledgement = silent(Acknowledgement)


class DynamoAcknowledgements:
    def __init__(self, table: Table) -> None:
        self._table = table

    def record(self, acknowledgement: Acknowledgement) -> None:
        """Raises StorageUnavailable."""
        sk = keys.of_acknowledgement(acknowledgement.at_ms, acknowledgement.version)
        item = {"pk": keys.of_book(acknowledgement.tenant), "sk": sk}
        self._table.put({**item, "body": _acknowledgement.dump_json(acknowledgement).decode()})

    def of_tenant(self, tenant: str) -> list[Acknowledgement]:
        """In order of time."""
        items = self._table.between(keys.of_book(tenant), "acknowledged#", "acknowledged#~")
        return [_acknowledgement.validate_json(item["body"]) for item in items]
