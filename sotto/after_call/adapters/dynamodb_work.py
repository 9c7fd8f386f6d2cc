"""How far the work after a call is: one item beside what was said, kept as long."""

from __future__ import annotations

from sotto.after_call.workflow.records import WorkChanged
from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.call.after_call_work import AfterCallWork
from sotto.call.events import Event
from sotto.core.validation import silent

_work = silent(AfterCallWork)


class DynamoWork:
    """WorkRecords."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def work(self, tenant: str, contact_id: str) -> AfterCallWork | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.AFTER_CALL)
        return _work.validate_json(item["body"]) if item else None

    def replace(self, work: AfterCallWork, *, expected_version: int, event: Event | None = None) -> None:
        item = {
            "pk": keys.of_contact(work.tenant, work.contact_id),
            "sk": keys.AFTER_CALL,
            "version": work.version,
            "body": _work.dump_json(work).decode(),
            "expires_at": self._retention.expires_at(work.tenant),
        }
        write: Write = (item, "attribute_not_exists(pk)", {})
        if expected_version:
            write = (item, "version = :before", {"before": expected_version})
        try:
            self._table.put_all([write, *([outbox_write(event)] if event is not None else [])])
        except ConditionFailed as error:
            raise WorkChanged from error
