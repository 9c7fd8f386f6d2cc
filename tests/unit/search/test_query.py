"""Unit: what somebody typed, as it is searched for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.search.query import LONGEST, BadQuery, Order, parsed
from sotto.search.words import places_of, tokens, words_of


def written(text: str) -> tuple[str, list[str], int, int]:
    said = parsed(text).said
    return said.text, ["/".join(sorted(word)) for word in said.words], len(said.phrases), len(said.excluded)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("refund", ("refund", ["refund"], 0, 0)),
        ("the refund for a phone", ("the refund for a phone", ["refund", "phon"], 0, 0)),
        ("the of", ("the of", ["the", "of"], 0, 0)),
        ('"cancel my card" now', ("cancel my card now", ["now"], 1, 0)),
        ('refund -voucher -"next week"', ("refund", ["refund"], 0, 2)),
        ("e-mail", ("e-mail", ["e", "mail"], 0, 0)),
        ("before I left", ("before I left", ["befor", "left"], 0, 0)),
    ],
)
def test_words_phrases_and_exclusions(text: str, found: tuple[str, list[str], int, int]) -> None:
    text_, words, phrases, excluded = written(text)
    assert (text_, phrases, excluded) == (found[0], found[2], found[3])
    assert words == found[1]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("card BEFORE address", Order.BEFORE),
        ('"my card" AFTER refund -voucher', Order.AFTER),
        ('"my card" before "my address"', Order.BEFORE),
        ('"my card" after "my address"', Order.AFTER),
        ("my card before my address", None),
        ("BEFOREHAND", None),
    ],
)
def test_order_is_asked_for_in_capitals_or_between_quotes(text: str, order: Order | None) -> None:
    query = parsed(text)
    assert query.order is order and (query.other is None) == (order is None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-refund", "add what is"),
        ('-"next week" -refund', "add what is"),
        ("card BEFORE", "on each side"),
        ("card BEFORE -address", "add what is"),
        ("a BEFORE b AFTER c", "once"),
        ('"my card', "not closed"),
        ("", "write a word"),
        ('"" - ...', "write a word"),
        ("x" * 10_000, "10,000 characters"),
        (" ".join(f"w{n}" for n in range(60)), "more than 40 words"),
    ],
)
def test_what_cannot_be_searched_for_says_what_to_write(text: str, says: str) -> None:
    with pytest.raises(BadQuery, match=says):
        parsed(text)


@given(st.text(max_size=LONGEST + 50))
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    try:
        query = parsed(text)
    except BadQuery:
        return
    assert query.said.text


@pytest.mark.parametrize(
    ("text", "language", "phrase", "found"),
    [
        ("I lost my cards!", "en-US", "lost my card", True),
        ("Ich habe die Karten verloren", "de-DE", "die Karte", True),
        ("my card is lost", "en-US", "card lost", False),
        ("it’s the customer's card", "en-US", "the customers card", True),
        ("it’s the customer's card", "en-US", "it's the customer's card", True),
    ],
)
def test_a_phrase_is_these_words_one_after_the_other(text: str, language: str, phrase: str, found: bool) -> None:
    assert bool(places_of(words_of(phrase), tokens(text, language))) == found
