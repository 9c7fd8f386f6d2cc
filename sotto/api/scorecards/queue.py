"""Scorecards of many calls: those that nobody has looked at, those that an appeal waits for, or all.

Read from the history, which has a score for each form of each contact: no evaluation is opened to list it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sotto.api.caller import Caller
from sotto.api.roles import Action
from sotto.api.sight import sight_of
from sotto.call.outcome import FormScore
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock
from sotto.history.conversation import ConversationRow, Leg
from sotto.history.listing import MOST_ON_A_PAGE, HistoryFilter, HistoryQuestion, list_history
from sotto.history.store import HistoryStore

MOST_LISTED = 1_000
MOST_EXAMINED = 10_000
"""Rows of conversations: of what is rare, no more than this is looked through at once."""


class QueueState(StrEnum):
    UNSEEN = "unseen"
    """What stands is the machine's, and no appeal waits."""
    APPEALED = "appealed"
    SEEN = "seen"
    """What stands is a person's, and no appeal waits."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """An empty set asks for nothing. Times are Unix epoch ms, of the conversation's beginning; ``until_ms`` is not
    included. ``min_score``, ``max_score``: of the form itself."""

    since_ms: int
    until_ms: int
    states: frozenset[QueueState] = frozenset()
    forms: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    min_score: float | None = None
    max_score: float | None = None


@dataclass(frozen=True, slots=True)
class QueuedScorecard:
    leg: Leg
    score: FormScore

    @property
    def state(self) -> QueueState:
        if self.score.appealed:
            return QueueState.APPEALED
        return QueueState.SEEN if self.score.by_person else QueueState.UNSEEN


@dataclass(frozen=True, slots=True)
class ScorecardQueue:
    """The latest calls first. ``is_cut_short``: there may be more in the period."""

    scorecards: Sequence[QueuedScorecard]
    is_cut_short: bool


@dataclass(frozen=True, slots=True)
class QueuePorts:
    history: HistoryStore
    audit: AuditLog
    clock: Clock


def list_scorecards(asked: QueueFilter, caller: Caller, ports: QueuePorts) -> ScorecardQueue:
    """Those that the caller may read. It is noted that somebody listed them, and how many. Raises Retryable."""
    found: list[QueuedScorecard] = []
    sight = sight_of(caller, Action.LIST_EVALUATIONS)
    wanted = HistoryFilter(asked.since_ms, asked.until_ms, agents=asked.agents, teams=asked.teams)
    cursor, examined = None, 0
    while True:
        question = HistoryQuestion(wanted, first=MOST_ON_A_PAGE, after=cursor)
        page = list_history(caller.tenant, question, sight, ports.history)
        found += [each for row in page.rows for each in _scorecards(row, asked)]
        cursor, examined = page.cursor, examined + page.examined
        if cursor is None or len(found) >= MOST_LISTED or examined >= MOST_EXAMINED:
            break
    queue = ScorecardQueue(found[:MOST_LISTED], cursor is not None or len(found) > MOST_LISTED)
    record, at_ms = f"scorecards/{len(queue.scorecards)}", int(ports.clock.now_ms())
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, AuditAction.HISTORY_LISTED, record, at_ms))
    return queue


def _scorecards(row: ConversationRow, asked: QueueFilter) -> Iterator[QueuedScorecard]:
    for leg in row.legs:
        is_asked_for = (not asked.teams or leg.team in asked.teams) and (not asked.agents or leg.agent in asked.agents)
        if leg.erased or not is_asked_for:
            continue
        for score in leg.scores:
            each = QueuedScorecard(leg, score)
            if _is_wanted(each, asked):
                yield each


def _is_wanted(each: QueuedScorecard, asked: QueueFilter) -> bool:
    if asked.states and each.state not in asked.states:
        return False
    if asked.forms and each.score.form not in asked.forms:
        return False
    if asked.min_score is None and asked.max_score is None:
        return True
    percentage = each.score.percentage
    return percentage is not None and (asked.min_score or 0) <= percentage <= (
        asked.max_score if asked.max_score is not None else 100
    )
