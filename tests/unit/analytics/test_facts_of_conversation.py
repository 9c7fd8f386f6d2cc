"""Unit: records of a conversation become rows without a word of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sotto.analytics.facts.of_conversation import ConversationFacts, facts_of
from sotto.analytics.facts.records import ContactRecords
from sotto.analytics.facts.tables import TABLES
from sotto.call.contact import Channel
from tests.unit.analytics.any_conversation import STARTED_MS, contact, records, transferred


def of(*found: ContactRecords) -> ConversationFacts:
    made = facts_of("c1", found, lambda contact: None)
    assert made is not None
    return made


def whole(*found: ContactRecords) -> dict[str, Any]:
    (row,) = of(*found).rows["conversation"]
    return dict(row)


def test_every_row_has_columns_of_its_table_and_no_others() -> None:
    facts = of(*transferred())
    assert set(facts.rows) == set(TABLES)
    for fact, rows in facts.rows.items():
        for row in rows:
            assert set(row) <= set(TABLES[fact].columns), fact
    assert facts.day == "2026-11-30"


def test_no_word_of_the_call_is_in_any_row() -> None:
    assert "secret" not in json.dumps({name: list(map(dict, rows)) for name, rows in of(records()).rows.items()})


def test_the_parts_of_handling_add_up_over_contacts() -> None:
    row = whole(*transferred())
    assert (row["queue_s"], row["talk_s"], row["hold_s"], row["after_work_s"]) == (10, 300, 40, 60)
    assert row["handle_s"] == 400 and row["duration_s"] == 300
    assert (row["contacts"], row["transfers"], row["agents"]) == (2, 1, 2)
    assert (row["agent"], row["team"]) == ("liam", "retention"), "the last who had it"


def test_what_connect_has_not_measured_yet_is_unknown_and_not_nought() -> None:
    row = whole(records(measured=None))
    assert row["handle_s"] is row["talk_s"] is None


def test_silence_and_talking_at_once_are_read_from_times() -> None:
    row = whole(records())
    assert (row["agent_speech_s"], row["customer_speech_s"]) == (20, 12)
    assert (row["silence_s"], row["longest_silence_s"], row["overlap_s"]) == (10, 10, 2)


def test_the_course_of_a_mood_is_its_first_and_its_last_sign() -> None:
    row = whole(records())
    assert (row["sentiment_first"], row["sentiment_last"]) == (-1, 1)
    assert (row["negative_moments"], row["positive_moments"], row["high_moments"]) == (1, 1, 1)


def test_an_action_is_used_by_feedback_or_because_it_was_done() -> None:
    rows = {row["action"]: row for row in of(records()).rows["action"]}
    assert rows["offer_card"]["used"] and rows["offer_card"]["rated_up"]
    assert rows["offer_card"]["answered_after_s"] == 5
    assert rows["calm_down"]["used"] and rows["calm_down"]["answered_after_s"] is None
    assert len(rows) == 2, "a withdrawal is no action"


@pytest.mark.parametrize("wrong", [{"ended_at_ms": STARTED_MS - 5_000}, {"connected_at_ms": STARTED_MS + 500_000}])
def test_clocks_that_disagree_make_a_duration_unknown_and_are_counted(wrong: dict[str, int]) -> None:
    row = whole(records(contact=contact(**wrong)))
    assert row["clocks_disagree"] and row["duration_s"] is None
    steps = of(records(contact=contact(ended_at_ms=STARTED_MS + 999_000))).rows["step"]
    assert steps[0]["after_end_s"] is None, "a step before the end says nothing of how long it took"


def test_the_code_that_was_chosen_stands_before_the_suggested_one() -> None:
    row = whole(records())
    assert (row["disposition"], row["disposition_chosen"], row["disposition_accepted"]) == ("card_replaced", True, True)


def test_without_contacts_there_are_no_facts() -> None:
    assert facts_of("c1", (), lambda contact: None) is None


def test_a_chat_is_counted_as_one_and_has_neither_speech_nor_silence() -> None:
    row = whole(records(contact=contact(channel=Channel.CHAT, stream_arn="")))
    assert (row["channel"], row["silence_s"], row["agent_speech_s"]) == ("chat", None, None)
    assert row["duration_s"] == 190.0 and whole(records())["channel"] == "voice"
