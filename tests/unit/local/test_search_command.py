"""Unit: what ``sotto search`` shows."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from local.commands.search import NoStack, lines, search

FOUND: dict[str, Any] = {
    "contactId": "c1", "kind": "UTTERANCE", "speaker": "CUSTOMER", "startMs": 65_000, "atMs": 1_790_000_000_000.0,
    "text": "I lost my card", "agent": "emma", "highlights": [{"startChar": 2, "endChar": 6}], "beside": None,
}  # fmt: skip


def answer(*moments: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"moments": list(moments), "candidates": 3, "mayMiss": False, "byMeaning": True} | changes


def test_a_moment_is_shown_with_its_time_in_the_call_and_its_words_marked() -> None:
    head, words = lines(answer(FOUND), "bank", is_narrowed=False)
    assert "c1" in head and "emma" in head
    assert words.split() == ["1:05", "customer", "I", "[lost]", "my", "card"]


def test_order_is_shown_with_what_makes_it_true() -> None:
    other = {**FOUND, "text": "my address", "highlights": []}
    assert any(
        "with" in line and "my address" in line
        for line in lines(answer({**FOUND, "beside": other}), "b", is_narrowed=False)
    )


def test_nothing_found_says_what_to_try() -> None:
    shown = "\n".join(lines(answer(), "bank", is_narrowed=True))
    assert "Nothing found among bank's conversations" in shown and "leave a filter out" in shown
    assert "has played since" in shown


def test_a_result_says_when_words_alone_were_searched_and_when_there_may_be_more() -> None:
    shown = "\n".join(lines(answer(FOUND, byMeaning=False, mayMiss=True), "bank", is_narrowed=False))
    assert "words alone" in shown and "There may be more" in shown


def test_without_a_demo_it_says_how_to_start_one() -> None:
    result = CliRunner().invoke(search, ["card", "--port", "1"])
    assert isinstance(result.exception, NoStack) and "sotto demo" in str(result.exception)
    with pytest.raises(NoStack):
        raise result.exception
