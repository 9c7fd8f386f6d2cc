"""Unit: how a text is cut into the pieces that heads look at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_containers.shard.base_encoder.embedding import MOST_PIECES, pieces_of
from model_containers.shard.base_encoder.minilm import PACK_TOKENS, _packs


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in pieces_of(text)]


@pytest.mark.parametrize("text", ["", "   ", "yes", "I want to close my account.", "one two three four five"])
def test_a_short_text_is_one_piece(text: str) -> None:
    assert cut(text) == []


def test_sentences_are_pieces() -> None:
    assert cut("Good morning. My card is lost! Can you help?") == ["Good morning.", "My card is lost!", "Can you help?"]


def test_a_long_unpunctuated_text_is_cut_into_overlapping_windows() -> None:
    words = [f"w{n}" for n in range(25)]
    pieces = [piece.split() for piece in cut(" ".join(words))]
    assert pieces[0] == words[:12]
    assert pieces[1] == words[8:20]
    assert pieces[-1][-1] == "w24"


@given(st.text(alphabet="ab .!?", max_size=400))
def test_pieces_lie_inside_the_text_and_begin_and_end_with_words(text: str) -> None:
    spans = pieces_of(text)
    assert len(spans) <= MOST_PIECES
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@given(st.lists(st.integers(1, 256), max_size=60))
def test_packs_keep_the_order_and_never_hold_too_many_tokens(lengths: list[int]) -> None:
    encoded = [[number] * length for number, length in enumerate(lengths)]
    packs = list(_packs(encoded))
    assert [ids for pack in packs for ids in pack] == encoded
    assert all(sum(map(len, pack)) <= PACK_TOKENS for pack in packs)
