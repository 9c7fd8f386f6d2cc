"""Unit: bodies sealed under a key of their contact, and keys that are destroyed."""

from __future__ import annotations

import zlib

import pytest
from boto3.dynamodb.types import Binary
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.aws import keys
from sotto.aws.sealed_table import MARK, is_sealed_place, seal, unseal

KEY, PLACE = bytes(range(32)), ("bank#c1", "utterance#00000001")


@settings(max_examples=50)
@given(st.text())
def test_what_is_sealed_opens_as_it_was(text: str) -> None:
    sealed = seal(KEY, *PLACE, text)
    assert sealed.startswith(MARK) and unseal(KEY, *PLACE, sealed) == text
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"))
    assert unseal(KEY, *PLACE, seal(KEY, *PLACE, Binary(packed))) == Binary(packed)


def test_no_word_of_it_can_be_seen() -> None:
    assert b"forty dollars" not in seal(KEY, *PLACE, "forty dollars were taken")


def test_the_same_body_at_the_same_place_is_sealed_alike_and_nothing_else_is() -> None:
    assert seal(KEY, *PLACE, "a") == seal(KEY, *PLACE, "a")
    others = (seal(KEY, "bank#c1", "note#1", "a"), seal(KEY, "bank#c2", PLACE[1], "a"), seal(KEY, *PLACE, "b"))
    assert len({seal(KEY, *PLACE, "a"), *others, seal(KEY[::-1], *PLACE, "a"), seal(KEY, *PLACE, b"a")}) == 6


def test_what_was_moved_to_another_place_opens_nothing() -> None:
    sealed = seal(KEY, *PLACE, "a")
    for place in (("bank#c2", PLACE[1]), ("garage#c1", PLACE[1]), ("bank#c1", "note#1")):
        with pytest.raises(InvalidTag):
            unseal(KEY, *place, sealed)
    with pytest.raises(InvalidTag):
        unseal(KEY, *PLACE, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_what_somebody_adds_to_a_contact_is_sealed_without_being_named() -> None:
    assert is_sealed_place("bank#c1", "something-new#1") and is_sealed_place("bank#c1", keys.STATE)
    assert not is_sealed_place("bank#team#service", "c1") and not is_sealed_place("bank#c1", keys.of_consent(1))
    assert is_sealed_place("bank#c1", "facts-of-ours"), "what begins like an open place is none"
