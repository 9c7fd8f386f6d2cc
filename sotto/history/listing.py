"""Lists conversations: by any of what a row holds, in any order, page by page.

Sorted by their start, a page reads until it is full or has looked at ``MOST_EXAMINED`` rows; one that is short of that
may still have a cursor. Sorted by anything else, all rows of the period are read, up to ``MOST_SORTED``.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sotto.core.errors import Rejected
from sotto.history.conversation import ConversationRow, Leg
from sotto.history.cursor import BadCursor, question_digest, read, written
from sotto.history.store import HistoryStore, ListedBy, Position, RowList, position_of

MOST_EXAMINED = 2_000
MOST_SORTED = 5_000
MOST_LISTS = 12
"""Read side by side."""
MOST_ON_A_PAGE = 100


class SortBy(StrEnum):
    STARTED = "started"
    DURATION = "duration"
    SCORE = "score"


class TooMany(Rejected):
    """More rows than are sorted at once; the message says what to narrow."""


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """One leg must have all of these; an empty set asks for nothing. Times are Unix epoch ms, ``until_ms`` is not
    included; scores are percentages; durations are of the whole conversation."""

    since_ms: int
    until_ms: int
    agents: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    dispositions: frozenset[str] = frozenset()
    moments: frozenset[str] = frozenset()
    """All of them."""
    contact_id: str | None = None
    min_score: float | None = None
    max_score: float | None = None
    min_duration_ms: int | None = None
    max_duration_ms: int | None = None
    is_over: bool | None = None


@dataclass(frozen=True, slots=True)
class HistoryQuestion:
    filter: HistoryFilter
    sort: SortBy = SortBy.STARTED
    newest_first: bool = True
    """Of other orders: the greatest first. Rows without a value come last either way."""
    first: int = 20
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a caller may see. ``lists`` hold every row with a leg for which ``sees`` is true; ``caller`` tells cursors
    of two callers apart."""

    lists: tuple[RowList, ...]
    sees: Callable[[Leg], bool]
    caller: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Rows have the legs that the caller may see. ``cursor`` is None where the list ends. ``examined``: rows read."""

    rows: tuple[ConversationRow, ...]
    cursor: str | None
    examined: int


def list_history(tenant: str, asked: HistoryQuestion, sight: Sight, store: HistoryStore) -> HistoryPage:
    """Raises BadCursor, TooMany and StorageUnavailable."""
    question = question_digest((tenant, sight.caller, _stable(asked)))
    place = read(asked.after, question, store.signing_key(tenant)) if asked.after else None
    if asked.sort is SortBy.STARTED:
        return _by_start(tenant, asked, sight, store, _position(place), question)
    return _by_value(tenant, asked, sight, store, place, question)


def _by_start(
    tenant: str,
    asked: HistoryQuestion,
    sight: Sight,
    store: HistoryStore,
    after: Position | None,
    question: str,
) -> HistoryPage:
    rows: list[ConversationRow] = []
    examined, last = 0, after
    for row in _merged(tenant, asked, sight, store, after):
        if len(rows) == asked.first or examined == MOST_EXAMINED:
            assert last is not None
            place = [last.started_at_ms, last.conversation_id]
            return HistoryPage(tuple(rows), written(place, question, store.signing_key(tenant)), examined)
        examined, last = examined + 1, position_of(row)
        if (seen := matching(row, asked.filter, sight.sees)) is not None:
            rows.append(seen)
    return HistoryPage(tuple(rows), None, examined)


def _by_value(
    tenant: str, asked: HistoryQuestion, sight: Sight, store: HistoryStore, place: list[Any] | None, question: str
) -> HistoryPage:
    found: list[ConversationRow] = []
    examined = 0
    for row in _merged(tenant, asked, sight, store, None):
        examined += 1
        if examined > MOST_SORTED:
            raise TooMany(
                f"sort: there are more than {MOST_SORTED} conversations to sort by {asked.sort}; narrow the period, or"
                " name an agent, a team or a queue"
            )
        if (seen := matching(row, asked.filter, sight.sees)) is not None:
            found.append(seen)
    found.sort(key=lambda row: _order(row, asked))
    begin = 0
    if place is not None:
        begin = next((at for at, row in enumerate(found) if _order(row, asked) > _order_of(place)), len(found))
    page = found[begin : begin + asked.first]
    if begin + asked.first >= len(found) or not page:
        return HistoryPage(tuple(page), None, examined)
    cursor = written(list(_order(page[-1], asked)), question, store.signing_key(tenant))
    return HistoryPage(tuple(page), cursor, examined)


def _order(row: ConversationRow, asked: HistoryQuestion) -> tuple[int, float, int, str]:
    value = row.duration_ms if asked.sort is SortBy.DURATION else row.lowest_score
    sign = -1 if asked.newest_first else 1
    return (value is None, sign * (value or 0.0), sign * row.started_at_ms, row.conversation_id)


def _order_of(place: list[Any]) -> tuple[int, float, int, str]:
    match place:
        case [int() | bool() as is_none, int() | float() as value, int() as started, str() as conversation]:
            return (is_none, value, started, conversation)
    raise BadCursor


def _position(place: list[Any] | None) -> Position | None:
    match place:
        case None:
            return None
        case [int() as started, str() as conversation]:
            return Position(started, conversation)
    raise BadCursor


def _merged(
    tenant: str, asked: HistoryQuestion, sight: Sight, store: HistoryStore, after: Position | None
) -> Iterator[ConversationRow]:
    """The rows of the fewest lists that hold all that is asked for, each once."""
    wanted = asked.filter
    lists = [
        store.rows(
            tenant,
            each,
            since_ms=wanted.since_ms,
            until_ms=wanted.until_ms,
            after=after,
            newest_first=asked.newest_first,
        )
        for each in _lists(wanted, sight)
    ]
    last = None
    for row in heapq.merge(*lists, key=position_of, reverse=asked.newest_first):
        if position_of(row) != last:
            last = position_of(row)
            yield row


def _lists(wanted: HistoryFilter, sight: Sight) -> tuple[RowList, ...]:
    """Of a leg that is asked for, agent, team and queue are among the named ones: any of these lists will do."""
    named = [
        tuple(RowList(by, value) for value in sorted(values))
        for by, values in (
            (ListedBy.AGENT, wanted.agents),
            (ListedBy.QUEUE, wanted.queues),
            (ListedBy.TEAM, wanted.teams),
        )
        if values
    ]
    narrow = [each for each in named if len(each) <= MOST_LISTS]
    if sight.lists != (RowList(),) and len(sight.lists) <= MOST_LISTS:
        narrow = [each for each in narrow if each[0].by is ListedBy.AGENT] or [sight.lists]
    return narrow[0] if narrow else sight.lists


def matching(row: ConversationRow, wanted: HistoryFilter, sees: Callable[[Leg], bool]) -> ConversationRow | None:
    """The row with the legs that ``sees`` lets be seen; None where none of those is what is wanted."""
    seen = tuple(filter(sees, row.legs))
    if not seen or not wanted.since_ms <= row.started_at_ms < wanted.until_ms:
        return None
    shown = replace(row, legs=seen)
    if not _within(shown.duration_ms, wanted.min_duration_ms, wanted.max_duration_ms):
        return None
    return shown if any(_is_wanted(leg, wanted) for leg in seen) else None


def _is_wanted(leg: Leg, wanted: HistoryFilter) -> bool:
    among = (
        (wanted.agents, leg.agent),
        (wanted.teams, leg.team),
        (wanted.queues, leg.queue),
        (wanted.languages, leg.language),
        (wanted.channels, leg.channel),
        (wanted.dispositions, leg.disposition),
    )
    return (
        all(not values or value in values for values, value in among)
        and wanted.moments <= set(leg.moments)
        and wanted.contact_id in (None, leg.contact_id)
        and wanted.is_over in (None, leg.is_over)
        and _within(leg.lowest_score, wanted.min_score, wanted.max_score)
    )


def _within(value: float | None, least: float | None, most: float | None) -> bool:
    """What has no value is within no bounds."""
    if least is None and most is None:
        return True
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _stable(asked: HistoryQuestion) -> Iterable[Any]:
    """What ``repr`` writes of sets changes with each process."""
    wanted = asked.filter
    fields = (getattr(wanted, name) for name in wanted.__slots__)
    values = [sorted(value) if isinstance(value, frozenset) else value for value in fields]
    return (values, asked.sort.value, asked.newest_first)
