"""The audit trail of what tenants keep in clear; an entry is never changed, and outlives the book that it is about.

It is written in the transaction that makes the book current: neither is there without the other.
"""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.table import Table, Write
from sotto.core.validation import silent
from sotto.tenants.acknowledged import Acknowledgement

_acknowledgement = silent(Acknowledgement)


def acknowledgement_write(acknowledgement: Acknowledgement) -> Write:
    sk = keys.of_acknowledgement(acknowledgement.at_ms, acknowledgement.version)
    body = _acknowledgement.dump_json(acknowledgement).decode()
    return {"pk": keys.of_book(acknowledgement.tenant), "sk": sk, "body": body}, None, {}


class DynamoAcknowledgements:
    def __init__(self, table: Table) -> None:
        self._table = table

    def of_tenant(self, tenant: str) -> list[Acknowledgement]:
        """In order of time."""
        items = self._table.between(keys.of_book(tenant), "acknowledged#", "acknowledged#~")
        return [_acknowledgement.validate_json(item["body"]) for item in items]
