"""What every HistoryStore must do, as a class of tests to inherit. A subclass gives ``history`` (a fixture)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sotto.aws.keys import BadKey
from sotto.call.outcome import FormScore
from sotto.history.conversation import ConversationRow, Leg
from sotto.history.store import HistoryChanged, HistoryStore, ListedBy, Position, RowList, position_of
from tests.contract.ports.bad_ids import for_each_bad_id

DAY_MS = 86_400_000
NOON = 1_790_000_000_000
FROM_MS, UNTIL_MS = NOON - 40 * DAY_MS, NOON + 40 * DAY_MS
"""Each day between them is asked for by itself."""


def any_leg(**changes: Any) -> Leg:
    made = Leg(
        contact_id="c1",
        started_at_ms=NOON,
        ended_at_ms=NOON + 60_000,
        is_over=True,
        language="de-DE",
        queue="Loans #2",
        agent="emma",
        agent_name="Emma Ögren",
        team="service",
        disposition="card_blocked",
        is_chosen=True,
        scores=(FormScore("every_call", 80.5), FormScore("other", None)),
        moments=("angry", "card_lost"),
    )
    return replace(made, **changes)


def any_row(conversation_id: str = "c1", tenant: str = "bank", **changes: Any) -> ConversationRow:
    return ConversationRow(tenant, conversation_id, (any_leg(contact_id=conversation_id, **changes),), 1)


def listed(history: HistoryStore, of: RowList | None = None, tenant: str = "bank", **how: Any) -> list[str]:
    asked: dict[str, Any] = {"since_ms": FROM_MS, "until_ms": UNTIL_MS, "after": None, "newest_first": True} | how
    found: Iterator[ConversationRow] = history.rows(tenant, of or RowList(), **asked)
    return [row.conversation_id for row in found]


class HistoryContract:
    def test_of_nobody_there_is_nothing(self, history: HistoryStore) -> None:
        assert history.row("bank", "c1") is None
        assert listed(history) == []

    def test_a_row_comes_back_as_it_was_by_itself_and_in_each_of_its_lists(self, history: HistoryStore) -> None:
        row = any_row()
        history.replace(row, before=None)
        assert history.row("bank", "c1") == row
        lists = (
            RowList(ListedBy.AGENT, "emma"),
            RowList(ListedBy.TEAM, "service"),
            RowList(ListedBy.QUEUE, "Loans #2"),
        )
        for each in (RowList(), *lists):
            found = history.rows("bank", each, since_ms=NOON, until_ms=NOON + 1, after=None, newest_first=True)
            assert list(found) == [row]
        assert listed(history, RowList(ListedBy.AGENT, "noah")) == []

    def test_a_change_leaves_the_lists_that_it_is_in_no_more(self, history: HistoryStore) -> None:
        first = any_row()
        history.replace(first, before=None)
        moved = any_row(agent="noah", team=None, started_at_ms=NOON - DAY_MS)
        moved = replace(moved, version=2)
        history.replace(moved, before=first)
        assert (
            listed(history, RowList(ListedBy.AGENT, "emma")) == listed(history, RowList(ListedBy.TEAM, "service")) == []
        )
        assert listed(history, RowList(ListedBy.AGENT, "noah")) == ["c1"]
        assert listed(history) == ["c1"] and listed(history, since_ms=NOON) == []

    def test_of_two_writers_one_is_refused(self, history: HistoryStore) -> None:
        first = any_row()
        history.replace(first, before=None)
        with pytest.raises(HistoryChanged):
            history.replace(any_row(agent="noah"), before=None)
        second = replace(any_row(agent="noah"), version=2)
        history.replace(second, before=first)
        with pytest.raises(HistoryChanged):
            history.replace(replace(any_row(agent="tom"), version=2), before=first)
        with pytest.raises(HistoryChanged):
            history.remove(first)
        assert history.row("bank", "c1") == second
        assert listed(history, RowList(ListedBy.AGENT, "tom")) == []

    def test_what_is_removed_is_nowhere(self, history: HistoryStore) -> None:
        row = any_row()
        history.replace(row, before=None)
        history.replace(any_row("c2"), before=None)
        history.remove(row)
        assert history.row("bank", "c1") is None
        assert listed(history) == listed(history, RowList(ListedBy.QUEUE, "Loans #2")) == ["c2"]

    @pytest.mark.parametrize("newest_first", [True, False])
    def test_rows_come_by_their_start_over_days_and_go_on_after_a_position(
        self, history: HistoryStore, newest_first: bool
    ) -> None:
        rows = [any_row(f"c{n}", started_at_ms=NOON + (n // 2) * DAY_MS // 3) for n in range(9)]
        for row in (*rows[4:], *rows[:4]):
            history.replace(row, before=None)
        ordered = [row.conversation_id for row in sorted(rows, key=position_of, reverse=newest_first)]
        for of in (RowList(), RowList(ListedBy.TEAM, "service")):
            assert listed(history, of, newest_first=newest_first) == ordered
            for at, name in enumerate(ordered):
                row = next(each for each in rows if each.conversation_id == name)
                found = listed(history, of, newest_first=newest_first, after=position_of(row))
                assert found == ordered[at + 1 :]

    def test_a_period_includes_its_beginning_and_not_its_end(self, history: HistoryStore) -> None:
        history.replace(any_row(), before=None)
        assert listed(history, since_ms=NOON, until_ms=NOON + 1) == ["c1"]
        assert listed(history, since_ms=NOON + 1) == listed(history, until_ms=NOON) == []
        assert listed(history, since_ms=NOON, until_ms=NOON - 5) == []
        assert listed(history, after=Position(NOON + 5, "")) == ["c1"]

    def test_one_tenants_rows_are_not_anothers(self, history: HistoryStore) -> None:
        history.replace(any_row(), before=None)
        history.replace(any_row("c2", "garage"), before=None)
        assert listed(history) == ["c1"] and listed(history, tenant="garage") == ["c2"]
        assert history.row("garage", "c1") is None

    def test_each_tenant_has_one_key_to_sign_with(self, history: HistoryStore) -> None:
        assert history.signing_key("bank") == history.signing_key("bank") != history.signing_key("garage")
        assert len(history.signing_key("bank")) >= 16

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, history: HistoryStore, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            history.row(tenant, contact_id)

    def test_names_of_queues_and_teams_may_have_any_characters(self, history: HistoryStore) -> None:
        names = ("a#b", "ä / ö 😀", "%23", "x" * 300)
        for at, name in enumerate(names):
            history.replace(any_row(f"c{at}", queue=name), before=None)
        for at, name in enumerate(names):
            assert listed(history, RowList(ListedBy.QUEUE, name)) == [f"c{at}"]
