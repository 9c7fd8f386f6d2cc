"""Exports that were asked for, in the table of erasures: ``<tenant>#exports``, an item for each."""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.core.clock import Clock
from sotto.core.validation import silent
from sotto.erasure.export import ExportRequest

_request = silent(ExportRequest)


class DynamoExportRequests:
    """An ExportRequests."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def add(self, request: ExportRequest) -> None:
        self._table.put(
            {
                "pk": keys.of_exports(request.tenant),
                "sk": request.id,
                "body": _request.dump_json(request).decode(),
                "expires_at": request.expires_at_ms // 1000,
            }
        )

    def request(self, tenant: str, request_id: str) -> ExportRequest | None:
        item = self._table.get(keys.of_exports(tenant), request_id)
        if item is None or int(item["expires_at"]) <= self._clock.now_ms() / 1000:
            return None
        return _request.validate_json(item["body"])
