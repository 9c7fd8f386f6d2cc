"""Unit: planted errors are found in written sentences, and sound ones are left alone."""

from __future__ import annotations

import pytest

from sotto.after_call.check.faults import Fault, objection
from tests.unit.after_call.any_call import said

CALL = said(
    ("customer", "I did not get the 1,250 dollars that Marcus promised on 2026-05-19 at 13:05."),
    ("agent", "I have not cancelled your policy, it runs until the end of May."),
    ("customer", "Four hundred and twelve dollars were taken twice."),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The customer did not get the $1,250 that Marcus promised.",
        "The customer did not get 1250 dollars that were promised on May 19 at 13:05.",
        "The agent has not cancelled the policy, which runs until the end of May.",
        "The customer said that 412 dollars were taken twice.",
        "The customer was told that the policy is not cancelled.",
    ],
)
def test_a_sound_sentence_is_left_alone(sentence: str) -> None:
    assert objection(sentence, CALL) is None


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("The customer did get the $1,250 that Marcus promised.", Fault.NEGATION),
        ("The agent has cancelled the policy.", Fault.NEGATION),
        ("The customer did not get the $1,350 that Marcus promised.", Fault.FIGURE),
        ("The customer did not get the dollars that were promised at 13:50.", Fault.FIGURE),
        ("The customer said that 421 dollars were taken twice.", Fault.FIGURE),
        ("The customer did not get the $1,250 that Oliver promised.", Fault.NAME),
        ("The customer has not cancelled the policy, which runs until the end of May.", Fault.SPEAKER),
    ],
)
def test_a_planted_error_is_found(sentence: str, fault: Fault) -> None:
    assert objection(sentence, CALL) is fault


def test_in_german_every_noun_is_written_like_a_name_and_none_is_taken_for_one() -> None:
    call = said(("agent", "Ich habe Ihren Abschlag auf 84 Euro gesenkt."))
    assert objection("Der Mitarbeiter hat den Abschlag auf 84 Euro gesenkt, die Rechnung folgt.", call, "de") is None
    assert objection("Der Mitarbeiter hat den Abschlag auf 48 Euro gesenkt.", call, "de") is Fault.FIGURE


def test_without_anything_to_compare_with_nothing_is_objected() -> None:
    assert objection("The customer did get 99 dollars from Oliver.", []) is None
