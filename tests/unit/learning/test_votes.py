"""Unit: what votes make of an example, and who is no longer counted."""

from __future__ import annotations

import random

import pytest

from sotto.learning.checks import CONTRADICTION, DOUBTFUL
from sotto.learning.example import Example, ExampleState, Source, Vote
from sotto.learning.review.votes import (
    NotAllowed,
    Reviewer,
    decided,
    gold_question,
    is_gold_turn,
    queue_for,
    with_vote,
)
from tests.contract.ports.learning_contract import NOW_MS, accepted, any_example


def voted(example: Example, *votes: tuple[str, str], needed: int = 1) -> Example:
    for reviewer, label in votes:
        example = with_vote(example, Vote(reviewer, label, NOW_MS), needed=needed)
    return example


def test_one_person_accepts_changes_or_rejects_where_one_is_asked() -> None:
    for label, state in (
        ("card_lost", ExampleState.ACCEPTED),
        ("card_arrival", ExampleState.ACCEPTED),
        ("", ExampleState.REJECTED),
    ):
        now = voted(any_example(), ("sue", label))
        assert (now.state, now.label) == (state, label)


def test_two_must_agree_where_two_are_asked_and_a_third_settles_a_dispute() -> None:
    once = voted(any_example(), ("sue", "card_lost"), needed=2)
    assert once.state is ExampleState.OPEN
    assert voted(once, ("sue", "card_lost"), needed=2).state is ExampleState.OPEN, "twice by one is once"
    assert voted(once, ("tom", "card_lost"), needed=2).state is ExampleState.ACCEPTED
    disputed = voted(once, ("tom", "card_arrival"), needed=2)
    assert disputed.state is ExampleState.OPEN
    assert voted(disputed, ("ann", "card_arrival"), needed=2).label == "card_arrival"
    tied = voted(disputed, ("ann", "card_arrival"), ("bob", "card_lost"), needed=2)
    assert tied.state is ExampleState.OPEN


def test_what_contradicts_another_needs_two_whatever_the_tenant_wants() -> None:
    example = any_example(warnings=(CONTRADICTION,))
    assert voted(example, ("sue", "card_lost")).state is ExampleState.OPEN
    assert voted(example, ("sue", "card_lost"), ("tom", "card_lost")).state is ExampleState.ACCEPTED


def test_what_is_doubtful_needs_one_more_person_than_else() -> None:
    for needed, names in ((1, ("sue",)), (2, ("sue", "tom"))):
        doubted = any_example(warnings=(DOUBTFUL,))
        enough = voted(doubted, *((name, "card_lost") for name in names), needed=needed)
        assert enough.state is ExampleState.OPEN
        assert voted(enough, ("ann", "card_lost"), needed=needed).state is ExampleState.ACCEPTED


def test_nobody_reviews_what_they_proposed() -> None:
    with pytest.raises(NotAllowed):
        voted(any_example(), ("emma", "card_lost"))


def test_a_reviewer_who_always_says_yes_is_caught_by_gold_questions_and_their_votes_no_longer_count() -> None:
    yes_sayer = Reviewer("sue", {})
    known = [
        voted(any_example(utterance_id=f"u{place}"), ("tom", "card_lost"), ("ann", "card_lost"), needed=2)
        for place in range(10)
    ]
    asked = 0
    while yes_sayer.is_trusted:
        question = gold_question(yes_sayer, known, ["card_lost", "card_arrival"])
        assert question is not None
        assert (question.state, question.votes, question.proposed) == (ExampleState.OPEN, (), "card_arrival")
        yes_sayer = yes_sayer.with_gold(question.id, question.proposed == "card_lost")
        asked += 1
    assert asked == 3
    theirs = voted(any_example(utterance_id="other"), ("sue", "card_lost"))
    assert decided(theirs, needed=1, distrusted=["sue"]).state is ExampleState.OPEN
    with_another = voted(theirs, ("tom", "card_lost"))
    assert decided(with_another, needed=1, distrusted=["sue"]).label == "card_lost"


def test_a_careful_reviewer_stays_trusted_over_fifty_gold_questions() -> None:
    source = random.Random(3)
    caught = 0
    for _ in range(300):
        careful = Reviewer("sue", {})
        for place in range(50):
            careful = careful.with_gold(str(place), source.random() < 0.95)
            if not careful.is_trusted:
                caught += 1
                break
    assert caught / 300 < 0.02


def test_a_gold_question_is_one_that_the_reviewer_has_nothing_to_do_with() -> None:
    agreed = voted(any_example(), ("tom", "card_lost"), ("ann", "card_lost"), needed=2)
    labels = ["card_lost", "card_arrival"]
    for name in ("tom", "ann", "emma"):
        assert gold_question(Reviewer(name, {}), [agreed], labels) is None
    assert gold_question(Reviewer("sue", {agreed.id: True}), [agreed], labels) is None
    assert gold_question(Reviewer("sue", {}), [accepted()], labels) is None, "nobody agrees on it"
    assert gold_question(Reviewer("sue", {}), [agreed], ["card_lost"]) is None, "a set with one label has no wrong one"


def test_gold_questions_come_about_once_in_eight_and_not_in_a_row_that_can_be_counted() -> None:
    turns = [place for place in range(800) if is_gold_turn("sue", place)]
    assert 60 < len(turns) < 140
    assert len({later - earlier for earlier, later in zip(turns, turns[1:], strict=False)}) > 5


def test_the_queue_begins_with_what_is_worth_most_and_holds_nothing_of_ones_own() -> None:
    silent = any_example(utterance_id="silent", source=Source.SILENT, proposed_by="")
    shadow = any_example(utterance_id="shadow", source=Source.SHADOW, proposed_by="")
    half = voted(any_example(utterance_id="half", at_ms=NOW_MS + 9), ("tom", "card_lost"), needed=2)
    warned = any_example(utterance_id="warned", warnings=("repeated",), at_ms=NOW_MS - 9)
    doubted = any_example(utterance_id="doubted", warnings=(DOUBTFUL,), unsure=0.1)
    unsure = any_example(utterance_id="unsure", unsure=0.4, at_ms=NOW_MS + 99)
    queue = queue_for("sue", [silent, warned, any_example(), half, doubted, unsure, shadow, accepted()], 10)
    found = [each.utterance_id for each in queue]
    assert found == ["shadow", "doubted", "half", "unsure", "u1", "warned", "silent"]
    assert [each.utterance_id for each in queue_for("tom", [half], 10)] == []
    assert [each.utterance_id for each in queue_for("emma", [any_example(), silent], 10)] == ["silent"]
