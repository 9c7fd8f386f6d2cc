"""Rows of conversations in a table of their own: the row by its conversation, and a copy of it in each of its lists.

    <tenant>#row#<conversation>          row                               the row, with its version
    <tenant>#day#2026-11-30              <start, 13 digits>#<conversation>  all of the tenant, a partition for each day
    <tenant>#by-agent#<username>         the same                           those with a leg of that agent
    <tenant>#by-team#..., #by-queue#...

Copies, not an index: they are written in the row's transaction, so that a list never lags behind it, and are read
consistently. A list is one query, of as many items as a page looks at; nothing is scanned.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.core.clock import Clock
from sotto.core.validation import silent
from sotto.history.conversation import ConversationRow
from sotto.history.store import HistoryChanged, ListedBy, Position, RowList, lists_of, position_of

_row = silent(ConversationRow)
ROW = "row"
READ_AT_ONCE = 100
KEY_BYTES = 32
MOST_DAYS = 800
"""Looked through for all conversations of a tenant: a day without any costs a query, too."""


class DynamoHistory:
    """A HistoryStore. What has expired is not answered, whenever DynamoDB may remove it."""

    def __init__(self, table: Table, retention: Retention, clock: Clock) -> None:
        self._table = table
        self._retention = retention
        self._clock = clock
        self._keys: dict[str, bytes] = {}

    def row(self, tenant: str, conversation_id: str) -> ConversationRow | None:
        item = self._table.get(keys.of_history(tenant, conversation_id), ROW)
        return _row.validate_json(item["body"]) if item and self._is_kept(item) else None

    def replace(self, row: ConversationRow, *, before: ConversationRow | None) -> None:
        expired = self._expired(row) if before is None else None
        body = {
            "body": _row.dump_json(row).decode(),
            "version": row.version,
            "expires_at": self._retention.expires_at(row.tenant),
        }
        own = {"pk": keys.of_history(row.tenant, row.conversation_id), "sk": ROW, **body}
        write: Write = (own, "attribute_not_exists(pk)", {})
        if (stored := before or expired) is not None:
            write = (own, "version = :before", {"before": stored.version})
        now, past = _places(row), _places(stored) if stored else set()
        copies: list[Write] = [({"pk": pk, "sk": sk, **body}, None, {}) for pk, sk in sorted(now)]
        self._write([write, *copies], sorted(past - now))

    def remove(self, row: ConversationRow) -> None:
        own = (keys.of_history(row.tenant, row.conversation_id), ROW, "version = :before", {"before": row.version})
        try:
            self._table.put_all([], sorted(_places(row)), [own])
        except ConditionFailed as error:
            raise HistoryChanged("the row was written meanwhile; try again") from error

    def rows(
        self, tenant: str, of: RowList, *, since_ms: int, until_ms: int, after: Position | None, newest_first: bool
    ) -> Iterator[ConversationRow]:
        first, last = max(0, since_ms), max(0, until_ms) - 1
        if after is not None:
            first, last = (
                (first, min(last, after.started_at_ms))
                if newest_first
                else (
                    max(first, after.started_at_ms),
                    last,
                )
            )
        for pk in self._partitions(tenant, of, first, last, newest_first):
            found = self._table.between(
                pk, f"{first:013d}#", f"{last:013d}#~", backwards=newest_first, at_once=READ_AT_ONCE
            )
            for item in filter(self._is_kept, found):
                row = _row.validate_json(item["body"])
                if after is None or (position_of(row) < after if newest_first else position_of(row) > after):
                    yield row

    def signing_key(self, tenant: str) -> bytes:
        """Made once: whoever comes second reads the first one's."""
        if tenant not in self._keys:
            pk = keys.of_signing_key(tenant)
            item = self._table.get(pk, ROW)
            if item is None:
                made = {"pk": pk, "sk": ROW, "key": secrets.token_bytes(KEY_BYTES)}
                with suppress(ConditionFailed):  # another has made it
                    self._table.put(made, "attribute_not_exists(pk)")
                item = self._table.get(pk, ROW)
            assert item is not None
            self._keys[tenant] = bytes(item["key"].value)
        return self._keys[tenant]

    def _write(self, writes: list[Write], deletes: list[tuple[str, str]]) -> None:
        try:
            self._table.put_all(writes, deletes)
        except ConditionFailed as error:
            raise HistoryChanged("the row was written meanwhile; try again") from error

    def _expired(self, row: ConversationRow) -> ConversationRow | None:
        """What is there still though its time is over: it is written over."""
        item = self._table.get(keys.of_history(row.tenant, row.conversation_id), ROW)
        return _row.validate_json(item["body"]) if item and not self._is_kept(item) else None

    def _is_kept(self, item: dict[str, Any]) -> bool:
        return int(item["expires_at"]) > self._clock.now_ms() / 1000

    @staticmethod
    def _partitions(tenant: str, of: RowList, first: int, last: int, newest_first: bool) -> Iterator[str]:
        if of.by is not ListedBy.ALL:
            yield keys.of_history_list(tenant, of.by.value, of.value)
            return
        days = list(_days(first, last))
        for day in reversed(days) if newest_first else days:
            yield keys.of_history_day(tenant, day)


def _places(row: ConversationRow) -> set[tuple[str, str]]:
    sk = keys.of_past(row.started_at_ms, row.conversation_id)
    return {
        (
            keys.of_history_day(row.tenant, _day(row.started_at_ms))
            if each.by is ListedBy.ALL
            else keys.of_history_list(row.tenant, each.by.value, each.value),
            sk,
        )
        for each in lists_of(row)
    }


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()


def _days(first_ms: int, last_ms: int) -> Iterator[str]:
    """The latest ``MOST_DAYS`` of them."""
    if last_ms < first_ms:
        return
    last = datetime.fromtimestamp(last_ms / 1000, UTC).date()
    day = max(datetime.fromtimestamp(first_ms / 1000, UTC).date(), last - timedelta(days=MOST_DAYS - 1))
    while day <= last:
        yield day.isoformat()
        day += timedelta(days=1)
