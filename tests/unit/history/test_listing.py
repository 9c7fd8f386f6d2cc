"""Unit: lists of conversations, narrowed, sorted and read on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.call.contact import Channel
from sotto.call.outcome import FormScore
from sotto.history.conversation import ConversationRow, Leg
from sotto.history.cursor import BadCursor, read, written
from sotto.history.listing import (
    MOST_EXAMINED,
    MOST_SORTED,
    HistoryFilter,
    HistoryQuestion,
    Sight,
    SortBy,
    TooMany,
    list_history,
)
from sotto.history.store import ListedBy, RowList
from tests.fakes.history import HistoryInMemory

NOON = 1_790_000_000_000
ALL = Sight((RowList(),), lambda leg: True, "quinn")
PERIOD = HistoryFilter(0, NOON * 2)


def any_leg(contact_id: str = "c1", **changes: Any) -> Leg:
    made = Leg(contact_id, NOON, NOON + 60_000, True, "en-US", "Loans", "emma", team="service")
    return replace(made, **changes)


def history(*rows: tuple[Leg, ...]) -> HistoryInMemory:
    made = HistoryInMemory()
    for legs in rows:
        made.replace(ConversationRow("bank", legs[0].contact_id, legs, 1), before=None)
    return made


def names(store: HistoryInMemory, asked: HistoryQuestion, sight: Sight = ALL) -> list[str]:
    """Over all pages."""
    found: list[str] = []
    for _ in range(200):
        page = list_history("bank", asked, sight, store)
        found += [row.conversation_id for row in page.rows]
        if page.cursor is None:
            return found
        asked = replace(asked, after=page.cursor)
    raise AssertionError("it does not end")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.sampled_from([None, 40.0, 80.0])), max_size=15),
    st.sampled_from(list(SortBy)),
    st.booleans(),
    st.integers(1, 4),
)
def test_pages_together_are_the_whole_list_in_order(
    rows: list[tuple[int, int, float | None]], sort: SortBy, newest_first: bool, first: int
) -> None:
    legs = [
        (any_leg(f"c{n}", started_at_ms=NOON + start, ended_at_ms=NOON + start + length,
                 scores=(FormScore("f", score),)),)
        for n, (start, length, score) in enumerate(rows)
    ]  # fmt: skip
    store = history(*legs)
    asked = HistoryQuestion(PERIOD, sort, newest_first, first)
    found = names(store, asked)
    assert sorted(found) == sorted(f"c{n}" for n in range(len(rows)))
    assert found == names(store, replace(asked, first=100))
    values = [_value(store, each, sort) for each in found]
    known = [each for each in values if each is not None]
    assert known == sorted(known, reverse=newest_first)
    assert values[len(known) :] == [None] * (len(values) - len(known)), "what has no value comes last"


def _value(store: HistoryInMemory, name: str, sort: SortBy) -> float | None:
    row = store.stored["bank", name]
    return {SortBy.STARTED: row.started_at_ms, SortBy.DURATION: row.duration_ms, SortBy.SCORE: row.lowest_score}[sort]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"agents": frozenset({"noah"})}, ["c2"]),
        ({"teams": frozenset({"service"})}, ["c1"]),
        ({"queues": frozenset({"Sales", "none"})}, ["c2"]),
        ({"languages": frozenset({"de-DE"})}, ["c2"]),
        ({"dispositions": frozenset({"kept"})}, ["c2"]),
        ({"moments": frozenset({"angry", "lost"})}, ["c1"]),
        ({"moments": frozenset({"angry", "churn"})}, []),
        ({"contact_id": "c2"}, ["c2"]),
        ({"min_score": 50.0}, ["c1"]),
        ({"max_score": 50.0}, ["c2"]),
        ({"min_duration_ms": 61_000}, ["c2"]),
        ({"max_duration_ms": 61_000}, ["c1"]),
        ({"is_over": False}, []),
        ({"agents": frozenset({"emma"}), "teams": frozenset({"retention"})}, []),
        ({"since_ms": NOON + 1}, ["c2"]),
        ({"until_ms": NOON + 1}, ["c1"]),
    ],
)
def test_a_list_is_narrowed_by_what_one_leg_has(wanted: dict[str, Any], found: list[str]) -> None:
    one = any_leg(moments=("angry", "lost"), scores=(FormScore("f", 80.0), FormScore("g", 60.0)))
    two = any_leg(
        "c2", started_at_ms=NOON + 5, ended_at_ms=NOON + 90_000, agent="noah", team="retention", queue="Sales",
        language="de-DE", disposition="kept", scores=(FormScore("f", 20.0),), moments=("churn",),
    )  # fmt: skip
    assert names(history((one,), (two,)), HistoryQuestion(replace(PERIOD, **wanted))) == found


def test_of_a_conversation_only_the_legs_that_one_may_see_are_shown_and_counted() -> None:
    hers = any_leg("c1", scores=(FormScore("f", 90.0),))
    his = any_leg("c2", agent="noah", team="retention", scores=(FormScore("f", 10.0),),
                  started_at_ms=NOON + 60_000, ended_at_ms=NOON + 600_000)  # fmt: skip
    emma = Sight((RowList(ListedBy.AGENT, "emma"),), lambda leg: leg.agent == "emma", "emma")
    (row,) = list_history("bank", HistoryQuestion(PERIOD), emma, history((hers, his))).rows
    assert row.legs == (hers,) and row.lowest_score == 90.0 and row.duration_ms == 60_000
    asked = HistoryQuestion(replace(PERIOD, agents=frozenset({"noah"})))
    assert not list_history("bank", asked, emma, history((hers, his))).rows


def test_a_row_in_several_lists_comes_once() -> None:
    both = (any_leg("c1"), any_leg("c2", agent="noah", team="retention"))
    lists = tuple(RowList(ListedBy.TEAM, team) for team in ("service", "retention"))
    assert names(history(both), HistoryQuestion(PERIOD), Sight(lists, lambda leg: True, "sue")) == ["c1"]


def test_what_is_rare_is_looked_for_page_by_page() -> None:
    store = history(*((any_leg(f"c{n}", started_at_ms=NOON + n),) for n in range(MOST_EXAMINED + 5)))
    rare = store.stored["bank", "c0"]
    store.stored["bank", "c0"] = replace(rare, legs=(replace(rare.legs[0], moments=("rare",)),))
    asked = HistoryQuestion(replace(PERIOD, moments=frozenset({"rare"})))
    page = list_history("bank", asked, ALL, store)
    assert not page.rows and page.cursor and page.examined == MOST_EXAMINED
    assert names(store, asked) == ["c0"]


def test_a_named_agent_is_read_by_their_own_list() -> None:
    store = history(*((any_leg(f"c{n}", agent="emma" if n else "noah"),) for n in range(50)))
    assert names(store, HistoryQuestion(replace(PERIOD, agents=frozenset({"noah"})))) == ["c0"]
    assert store.read == 1


def test_more_than_can_be_sorted_at_once_is_refused_with_what_to_narrow() -> None:
    store = history(*((any_leg(f"c{n}", started_at_ms=NOON + n),) for n in range(MOST_SORTED + 1)))
    with pytest.raises(TooMany, match="narrow the period"):
        list_history("bank", HistoryQuestion(PERIOD, SortBy.DURATION), ALL, store)


def test_a_cursor_is_good_for_one_tenant_one_caller_and_one_question() -> None:
    store = history(*((any_leg(f"c{n}", started_at_ms=NOON + n),) for n in range(4)))
    store.replace(ConversationRow("garage", "g1", (any_leg("g1"),), 1), before=None)
    asked = HistoryQuestion(PERIOD, first=1)
    cursor = list_history("bank", asked, ALL, store).cursor
    assert cursor is not None
    again = replace(asked, after=cursor)
    assert list_history("bank", again, ALL, store).rows
    for tenant, question, sight in (
        ("garage", again, ALL),
        ("bank", again, replace(ALL, caller="emma")),
        ("bank", replace(again, newest_first=False), ALL),
        ("bank", replace(again, sort=SortBy.SCORE), ALL),
        ("bank", replace(again, filter=replace(PERIOD, agents=frozenset({"emma"}))), ALL),
    ):
        with pytest.raises(BadCursor):
            list_history(tenant, question, sight, store)


@given(st.text(max_size=300) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_what_is_no_cursor_is_refused_and_nothing_else(cursor: str) -> None:
    with pytest.raises(BadCursor):
        read(cursor, "q", b"k" * 32)


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_cursor_that_was_changed_anywhere_is_refused(at: int, by: int) -> None:
    cursor = written([NOON, "c1"], "q", b"k" * 32)
    at %= len(cursor)
    changed = cursor[:at] + chr((ord(cursor[at]) ^ by) & 0x7F) + cursor[at + 1 :]
    if changed != cursor:
        with pytest.raises(BadCursor):
            assert read(changed, "q", b"k" * 32) == [NOON, "c1"]
            raise BadCursor  # the last character of base64 has bits that mean nothing
    assert read(cursor, "q", b"k" * 32) == [NOON, "c1"]


def test_a_list_may_be_narrowed_to_one_channel() -> None:
    store = history((any_leg("call"),), (any_leg("chat", channel=Channel.CHAT),))
    for channel in Channel:
        wanted = replace(PERIOD, channels=frozenset({channel}))
        assert names(store, HistoryQuestion(wanted)) == ["call" if channel is Channel.VOICE else "chat"]
