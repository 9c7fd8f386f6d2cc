"""Unit: questions that name nothing but the call: why it came, how it ends, and what no article can know."""

from __future__ import annotations

import pytest

from sotto.after_call.stored_call import Call
from sotto.api.ask.ask import quoted
from sotto.api.ask.aspects import Aspect, aspect_of, is_about_the_call
from sotto.call.annotation import AnnotationKind
from tests.fakes.desk import KnownMeaning
from tests.unit.after_call.any_call import any_contact, noted, said

OPENING = (
    ("agent", "Thank you for calling Harbour Bank, my name is Emma, this call is recorded."),
    ("customer", "I want to close my account because of the monthly fee."),
    ("agent", "I am sorry to hear that, let me look at your account."),
)
SETTLED = (
    ("agent", "I can refund two of the fees today."),
    ("customer", "All right, then I will not go elsewhere."),
)
MOMENTS = [
    noted(AnnotationKind.MOMENT, "greeted", "u1", title="Greeted"),
    noted(AnnotationKind.MOMENT, "recording_disclosed", "u1", title="Recording disclosed", seq=2),
]


def found(question: str, *turns: tuple[str, str]) -> list[str]:
    call = Call(said(*turns), MOMENTS)
    return [each.id for each in quoted(any_contact(), question, call, KnownMeaning())]


@pytest.mark.parametrize("question", ["What did we agree on?", "What was agreed?", "Was haben wir vereinbart?"])
def test_what_was_agreed_is_what_was_promised_and_never_the_greeting(question: str) -> None:
    assert found(question, *OPENING, *SETTLED) == ["u4"]
    assert found(question, *OPENING) == []  # nothing has been agreed yet
    assert found(question, *OPENING[:1]) == []


@pytest.mark.parametrize("question", ["did the customer stay?", "How did it end?", "Was the problem solved?"])
def test_how_it_ended_is_answered_with_the_end(question: str) -> None:
    assert found(question, *OPENING, *SETTLED) == ["u4"]


def test_a_word_of_the_question_that_was_spoken_or_noticed_comes_before_the_end() -> None:
    turns = (*OPENING, *SETTLED, ("customer", "I will stay with you then."))
    assert found("did the customer stay?", *turns) == ["u6"]


def test_why_they_called_is_answered_with_the_beginning() -> None:
    assert found("Why did the customer call?", *OPENING, *SETTLED) == ["u2"]
    assert found("What is this call about?", *OPENING, *SETTLED) == ["u2"]


def test_what_is_particular_is_looked_for() -> None:
    assert aspect_of("How high is the monthly fee?") is None
    assert aspect_of("What did the customer want?") is Aspect.REASON
    assert aspect_of("Summary?") is Aspect.WHOLE


@pytest.mark.parametrize(
    "question",
    [
        "did the customer stay?",
        "What did we agree on?",
        "was he angry about the fee",
        "Hat die Kundin den Vertrag behalten?",
        "Was haben wir vereinbart?",
        "was a discount mentioned on this call",
    ],
)
def test_what_only_the_call_can_know_is_about_the_call(question: str) -> None:
    assert is_about_the_call(question)


@pytest.mark.parametrize(
    "question",
    [
        "how long does a wire take",
        "what about the monthly fees",
        "does the customer have to pay for a new card",
        "was the fee waived",
        "wie lange dauert eine Überweisung",
        "what if the card was stolen",
        "can we waive the fee",
    ],
)
def test_what_an_article_may_know_is_asked_of_the_articles_too(question: str) -> None:
    assert not is_about_the_call(question)
