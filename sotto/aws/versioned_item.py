"""One item beside a contact that several write in turn: replaced only as its writer has read it."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.call.events import Event


class Versioned(Protocol):
    @property
    def tenant(self) -> str: ...

    @property
    def contact_id(self) -> str: ...

    @property
    def version(self) -> int: ...


Record = TypeVar("Record", bound=Versioned)


class VersionedItem(Generic[Record]):
    """``place``: its sort key. ``changed``: raised by whoever comes too late. It is kept as long as the tenant's other
    records."""

    def __init__(
        self, table: Table, retention: Retention, place: str, record: TypeAdapter[Record], changed: type[Exception]
    ) -> None:
        self._table = table
        self._retention = retention
        self._place = place
        self._record = record
        self._changed = changed

    def read(self, tenant: str, contact_id: str) -> Record | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), self._place)
        return self._record.validate_json(item["body"]) if item else None

    def replace(self, record: Record, *, expected_version: int, event: Event | None = None) -> None:
        """``event`` is stored in the same transaction."""
        item: dict[str, Any] = {
            "pk": keys.of_contact(record.tenant, record.contact_id),
            "sk": self._place,
            "version": record.version,
            "body": self._record.dump_json(record).decode(),
            "expires_at": self._retention.expires_at(record.tenant),
        }
        write: Write = (item, "attribute_not_exists(pk)", {})
        if expected_version:
            write = (item, "version = :before", {"before": expected_version})
        try:
            self._table.put_all([write, *([outbox_write(event)] if event is not None else [])])
        except ConditionFailed as error:
            raise self._changed from error
