"""How far the work after a call is: one item beside what was said, kept as long."""

from __future__ import annotations

from sotto.after_call.workflow.records import WorkChanged
from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import Table
from sotto.aws.versioned_item import VersionedItem
from sotto.call.after_call_work import AfterCallWork
from sotto.core.validation import silent

_work = silent(AfterCallWork)


class DynamoWork(VersionedItem[AfterCallWork]):
    """WorkRecords."""

    def __init__(self, table: Table, retention: Retention) -> None:
        super().__init__(table, retention, keys.AFTER_CALL, _work, WorkChanged)

    def work(self, tenant: str, contact_id: str) -> AfterCallWork | None:
        return self.read(tenant, contact_id)
