"""Unit: what guidance remembers of a conversation goes on in its next contact."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sotto.call.annotation import Evidence
from sotto.call.contact import Contact
from sotto.guidance.conversation import ConversationState, Occurrence, OpenAction
from sotto.guidance.evaluate import evaluate
from sotto.guidance.inheritance import with_memory
from tests.unit.guidance.calls import rules_for, says

SECOND = Contact(
    "corner", "c2", "arn", "stream", 1_000_060_000, previous_contact_id="c1", previous_started_at_ms=1_000_000_000
)
EMPTY = ConversationState("corner", "c2")
RULES = """
moments:
  wants_to_leave: {title: Wants to leave, when: {phrases: [close my account]}, once: true}
actions:
  keep: {when: {moment: wants_to_leave}, once: true, show: {title: Keep them, text: Offer.}}
"""


def happened(at_ms: int, utterance: str = "u1") -> Occurrence:
    return Occurrence(at_ms - 100, at_ms, (Evidence(utterance),))


def test_times_are_those_of_the_new_contact() -> None:
    before = ConversationState("corner", "c1", moments={"m": (happened(50_000),)}, signals={"s": (happened(59_000),)})
    state = with_memory(EMPTY, before, SECOND)
    assert [one.at_ms for one in state.moments["m"]] == [-10_000]
    assert [one.at_ms for one in state.signals["s"]] == [-1_000]


def test_what_was_done_need_not_be_done_again_and_what_is_open_stays_open() -> None:
    before = ConversationState("corner", "c1", checklists={"a/greeted": "done", "a/asked": "open", "a/late": "missed"})
    state = with_memory(replace(EMPTY, checklists={"a/greeted": "open", "a/asked": "done"}), before, SECOND)
    assert state.checklists == {"a/greeted": "done", "a/asked": "done", "a/late": "missed"}


def test_a_card_that_was_open_may_be_shown_to_the_next_agent_and_others_not_again() -> None:
    shown = {"offer": (40_000,), "answers:fees": (41_000,), "warn": (42_000,)}
    still_open = (OpenAction("a1", "offer", 40_000), OpenAction("a2", "answers", 41_000, article="fees"))
    state = with_memory(EMPTY, ConversationState("corner", "c1", shown=shown, open_actions=still_open), SECOND)
    assert state.shown == {"warn": (-18_000,)}


def test_nothing_of_the_screen_goes_on() -> None:
    before = ConversationState("corner", "c1", now_ms=60_000, done_seq=9, annotation_seq=7, agent_connected_ms=10)
    assert with_memory(EMPTY, before, SECOND) == EMPTY


def test_a_moment_that_comes_once_comes_once_in_a_conversation(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, RULES.strip())
    first = evaluate(ConversationState("corner", "c1"), says("I want to close my account", 10), rules)
    assert [each.name for each in first.annotations] == ["wants_to_leave", "keep"]
    second = evaluate(with_memory(EMPTY, first.state, SECOND), says("as I said, close my account", 2), rules)
    assert [each.name for each in second.annotations if each.kind == "moment"] == []


occurrences = st.lists(st.builds(happened, st.integers(0, 60_000), st.sampled_from(["u1", "u2", "u3"])), max_size=6)


@given(st.dictionaries(st.sampled_from("abc"), occurrences.map(tuple), max_size=3))
def test_memory_that_comes_twice_changes_nothing_more(found: dict[str, tuple[Occurrence, ...]]) -> None:
    before = ConversationState("corner", "c1", moments=found, signals=found, shown={"x": (1, 2)})
    once = with_memory(EMPTY, before, SECOND)
    assert with_memory(once, before, SECOND) == once
