"""Unit: how a scorecard's total is compared with an outcome."""

from __future__ import annotations

import math

import pytest

from benchmarks.taubench import airline_form, auc, evaluated, spoken
from sotto.call.contact import Speaker

TURNS = [
    {"role": "system", "content": "the policy"},
    {"role": "user", "content": "I want to cancel my flight."},
    {"role": "assistant", "content": None, "tool_calls": []},
    {"role": "tool", "content": "{}"},
    {"role": "assistant", "content": "What is your user id, and the reason for the cancellation? Do you confirm?"},
    {"role": "user", "content": "Yes. ###STOP###"},
    {"role": "user", "content": "###STOP###"},
]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([(90.0, True), (10.0, False)], 1.0),
        ([(10.0, True), (90.0, False)], 0.0),
        ([(50.0, True), (50.0, False)], 0.5),
        ([(90.0, True), (50.0, True), (60.0, False)], 0.5),
    ],
)
def test_auc_counts_pairs_and_halves_of_equal_ones(scores: list[tuple[float, bool]], expected: float) -> None:
    assert auc(scores) == expected


def test_without_both_kinds_there_is_no_auc() -> None:
    assert math.isnan(auc([(1.0, True)]))


def test_what_is_judged_is_what_was_spoken_and_nothing_of_tools_or_policy() -> None:
    utterances = spoken(TURNS, "c1")
    assert [each.speaker for each in utterances] == [Speaker.CUSTOMER, Speaker.AGENT, Speaker.CUSTOMER]
    assert utterances[-1].text == "Yes."
    answers = evaluated(airline_form(), utterances).by_question
    for ref in ("wants_cancelled", "user_id", "reason", "confirmation", "confirmed"):
        assert answers[ref].value == "yes", ref
    assert answers["insurance"].standing.value == "not_asked", "nobody booked"
