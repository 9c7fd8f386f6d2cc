"""Unit: what a supervisor's list says of a call."""

from __future__ import annotations

from sotto.api.panel.live_contacts import mood_of
from sotto.guidance.conversation import Occurrence


def at(*times: int) -> tuple[Occurrence, ...]:
    return tuple(Occurrence(time, time) for time in times)


def test_the_mood_is_that_of_the_latest_signs_and_one_word_does_not_turn_a_call() -> None:
    falling = mood_of({"sentiment_positive": at(1_000), "sentiment_negative": at(2_000, 3_000)})
    rising = mood_of({"sentiment_positive": at(3_000), "sentiment_negative": at(1_000, 2_000)})
    assert falling is not None and rising is not None
    assert -1 <= falling < 0 < rising < 0.5


def test_where_no_sentiment_was_noticed_there_is_no_mood() -> None:
    assert mood_of({}) is None
    assert mood_of({"cancel_risk": at(1_000), "negative_balance": at(2_000), "sentiment": at(3_000)}) is None
