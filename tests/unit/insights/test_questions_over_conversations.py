"""Unit: questions over all conversations with a customer."""

from __future__ import annotations

import pytest

from sotto.api.insights.expected import Kind, expected, holds
from sotto.api.insights.recall import Answer, answers
from sotto.core.content_words import content_words
from tests.unit.insights.past import asked_of

CALLS = [
    asked_of(
        "c1", 90, "Hello.", "Our boat lies in the harbour, it is the Petrel.", "A: Which day suits you?", "Monday."
    ),
    asked_of(
        "c2", 30, "A: How can I help?", "The electricity meter is in the basement.", "A: The refund is 60 dollars."
    ),
    asked_of("c3", 2, "We sold that one, our boat is the Dunlin now.", "Is the meter in the garage?"),
]


def cited(found: tuple[Answer, ...]) -> list[tuple[str, str]]:
    return [(each.stands.contact.contact_id, each.stands.utterance.id) for each in found]


def test_the_newest_answers_and_shows_what_it_was_before() -> None:
    found = answers("What is the boat called?", CALLS, {})
    assert cited(found) == [("c3", "u1")]
    assert [each.contact.contact_id for each in found[0].earlier] == ["c1"]


def test_when_it_was_spoken_is_by_the_clock() -> None:
    (found,) = answers("Where is the electricity meter?", CALLS, {})
    assert found.stands.at_ms == found.stands.contact.media_started_at_ms + 2_000


@pytest.mark.parametrize(
    "question",
    [
        "Where does the son study?",  # nobody spoke of it
        "How long is the boat?",  # no length in any of them
        "What did the boat cost?",  # no money beside it
        "Who repaired the electricity meter?",
        "What happened?",  # about nothing in particular
        "",
        "???",
    ],
)
def test_what_is_not_in_these_conversations_is_not_answered(question: str) -> None:
    assert answers(question, CALLS, {}) == ()


def test_a_question_that_was_asked_in_a_call_is_no_answer() -> None:
    assert cited(answers("Where is the meter?", CALLS, {})) == [("c2", "u2")]


def test_meaning_finds_what_other_words_say_and_needs_some_of_the_words() -> None:
    near = {("c2", "u2"): 0.6}
    question = "Where is the electricity meter cabinet?"
    assert answers("What powers it?", CALLS, near) == ()
    assert answers(question, CALLS, {}) == ()
    assert cited(answers(question, CALLS, near)) == [("c2", "u2")]


def test_of_no_conversations_there_is_no_answer() -> None:
    assert answers("What is the boat called?", [], {}) == ()


@pytest.mark.parametrize(
    ("question", "kind", "right", "wrong"),
    [
        ("When does the permit expire?", Kind.TIME, "on the fourth of March", "the permit is blue"),
        ("How many panels are there?", Kind.NUMBER, "twelve of them", "a few"),
        ("What did it cost?", Kind.MONEY, "ninety dollars", "nine days"),
        ("Where is the wedding?", Kind.PLACE, "it is in Lisbon", "it is on Friday"),
        ("Who is the lawyer?", Kind.PERSON, "that is Ms Okafor", "it is expensive"),
        ("Which brand is the piano?", Kind.NAME, "it is a Petrof", "it is an old piano"),
        ("Wann läuft der Vertrag ab?", Kind.TIME, "am dritten Mai", "bald"),
        ("What disturbed it?", Kind.ANY, "whatever", ""),
    ],
)
def test_an_answer_is_of_the_kind_that_is_asked_for(question: str, kind: Kind, right: str, wrong: str) -> None:
    words = content_words(question)
    assert expected(question).kind is kind
    assert holds(kind, right, words) and (kind is Kind.ANY or not holds(kind, wrong, words))


def test_what_the_question_names_itself_is_no_answer_to_it() -> None:
    question = "On which ward of the hospital does she work?"
    assert not holds(Kind.PLACE, "I work at the hospital", content_words(question))
    assert holds(Kind.PLACE, "I work at the hospital, in radiology", content_words(question))
