"""Unit: amounts, dates, times and references, as they are written and as recognisers spell them."""

from __future__ import annotations

import pytest

from model_containers.shard.heads.patterns import PATTERNS


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("money", "it was $1,250.50 in total", ["$1,250.50"]),
        ("money", "I paid two hundred and forty dollars", ["two hundred and forty dollars"]),
        ("money", "a hundred bucks and 35 cents", ["a hundred bucks and 35 cents"]),
        ("money", "I have two cars", []),
        ("money", "thirty five dollars twice", ["thirty five dollars"]),
        ("date", "on march the third, this year", ["march the third", "this year"]),
        ("date", "next Tuesday morning or tomorrow", ["next Tuesday morning", "tomorrow"]),
        ("date", "the twenty first of June", ["the twenty first of June"]),
        ("date", "two weeks ago", ["two weeks ago"]),
        ("date", "you may call me", []),
        ("date", "how can I help you today", []),
        ("time", "at half past nine or 10:30", ["half past nine", "10:30"]),
        ("time", "three thirty pm", ["three thirty pm"]),
        ("time", "I have three", []),
        ("reference", "order number is 55821", ["order number is 55821"]),
        ("reference", "it says AB-123456", ["AB-123456"]),
        ("reference", "the reference please", []),
    ],
)
def test_what_has_a_form_is_found(kind: str, text: str, found: list[str]) -> None:
    assert [match[0] for match in PATTERNS[kind].finditer(text)] == found
