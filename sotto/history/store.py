"""Where rows of conversations are kept, and by what they are listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.core.errors import Retryable
from sotto.history.conversation import ConversationRow


class ListedBy(StrEnum):
    ALL = "all"
    AGENT = "agent"
    TEAM = "team"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class RowList:
    """A list of rows by their start: all of a tenant, or those with a leg of this agent, team or queue."""

    by: ListedBy = ListedBy.ALL
    value: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Of a row in a list."""

    started_at_ms: int
    conversation_id: str


class HistoryChanged(Retryable):
    """Another process has written the row meanwhile."""


def lists_of(row: ConversationRow) -> set[RowList]:
    """Those that the row is in."""
    found = {RowList()}
    for leg in row.legs:
        values = {ListedBy.AGENT: leg.agent, ListedBy.TEAM: leg.team, ListedBy.QUEUE: leg.queue}
        found |= {RowList(by, value) for by, value in values.items() if value}
    return found


def position_of(row: ConversationRow) -> Position:
    return Position(row.started_at_ms, row.conversation_id)


class HistoryStore(Protocol):
    def row(self, tenant: str, conversation_id: str) -> ConversationRow | None:
        """Raises StorageUnavailable."""
        ...

    def replace(self, row: ConversationRow, *, before: ConversationRow | None) -> None:
        """Store ``row`` and its places in lists, and take ``before`` out of those that it has left; all or nothing.
        Raises HistoryChanged where ``before`` is not what is stored."""
        ...

    def remove(self, row: ConversationRow) -> None:
        """From everywhere. Raises HistoryChanged where ``row`` is not what is stored."""
        ...

    def rows(
        self, tenant: str, of: RowList, *, since_ms: int, until_ms: int, after: Position | None, newest_first: bool
    ) -> Iterator[ConversationRow]:
        """In order of their start, ``since_ms`` <= start < ``until_ms``; only those that come after ``after``. Read as
        they are asked for. Raises StorageUnavailable."""
        ...

    def signing_key(self, tenant: str) -> bytes:
        """The tenant's own, made when it is first asked for: cursors are signed with it."""
        ...
