"""Rows of conversations in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sotto.aws import keys
from sotto.history.conversation import ConversationRow
from sotto.history.store import HistoryChanged, Position, RowList, lists_of, position_of


@dataclass
class HistoryInMemory:
    """A HistoryStore. ``read``: how many rows were handed out."""

    stored: dict[tuple[str, str], ConversationRow] = field(default_factory=dict)
    read: int = 0

    def row(self, tenant: str, conversation_id: str) -> ConversationRow | None:
        keys.of_history(tenant, conversation_id)
        return self.stored.get((tenant, conversation_id))

    def replace(self, row: ConversationRow, *, before: ConversationRow | None) -> None:
        if self.row(row.tenant, row.conversation_id) != before:
            raise HistoryChanged("the row was written meanwhile; try again")
        self.stored[row.tenant, row.conversation_id] = row

    def remove(self, row: ConversationRow) -> None:
        if self.row(row.tenant, row.conversation_id) != row:
            raise HistoryChanged("the row was written meanwhile; try again")
        del self.stored[row.tenant, row.conversation_id]

    def rows(
        self, tenant: str, of: RowList, *, since_ms: int, until_ms: int, after: Position | None, newest_first: bool
    ) -> Iterator[ConversationRow]:
        keys.of_tenant(tenant)
        found = [row for (owner, _), row in self.stored.items() if owner == tenant and of in lists_of(row)]
        for row in sorted(found, key=position_of, reverse=newest_first):
            at = position_of(row)
            is_after = after is None or (at < after if newest_first else at > after)
            if since_ms <= row.started_at_ms < until_ms and is_after:
                self.read += 1
                yield row

    def signing_key(self, tenant: str) -> bytes:
        return keys.of_tenant(tenant).encode() * 4
