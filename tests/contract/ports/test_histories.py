"""Contract: rows of conversations in DynamoDB, and those in memory that tests use."""

from __future__ import annotations

from typing import Any

import pytest

from sotto.aws.table import Table
from sotto.history.adapters.dynamodb_history import DynamoHistory
from sotto.history.store import HistoryStore, RowList
from tests.contract.ports.history_contract import NOON, HistoryContract, any_row, listed
from tests.fakes.clock import ClockByHand
from tests.fakes.history import HistoryInMemory
from tests.fakes.retention import A_WEEK_ON, KeptUntil


class TestHistoryInMemory(HistoryContract):
    @pytest.fixture
    def history(self) -> HistoryStore:
        return HistoryInMemory()


class TestDynamoHistory(HistoryContract):
    @pytest.fixture
    def clock(self) -> ClockByHand:
        return ClockByHand(NOON)

    @pytest.fixture
    def history(self, table: Table, clock: ClockByHand) -> HistoryStore:
        return DynamoHistory(table, KeptUntil(), clock)

    def test_what_has_expired_is_not_there_and_may_be_written_anew(
        self, history: HistoryStore, clock: ClockByHand
    ) -> None:
        history.replace(any_row(), before=None)
        clock.advance(A_WEEK_ON * 1000 - NOON)
        assert history.row("bank", "c1") is None and listed(history) == []
        history.replace(any_row(agent="noah"), before=None)

    def test_a_list_is_read_by_keys_and_only_as_far_as_it_is_asked_for(
        self, history: HistoryStore, dynamodb: Any
    ) -> None:
        for n in range(4):
            history.replace(any_row(f"c{n}", started_at_ms=NOON + n), before=None)
        asked: list[Any] = []
        dynamodb.meta.events.register("before-call.dynamodb.*", lambda model, params, **_: asked.append(model.name))
        rows = history.rows("bank", RowList(), since_ms=0, until_ms=NOON + 500, after=None, newest_first=True)
        assert [next(rows).conversation_id for _ in range(3)] == ["c3", "c2", "c1"]
        assert asked == ["Query"]
