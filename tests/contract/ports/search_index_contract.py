"""What every SearchIndex must do, as a class of tests to inherit. A subclass gives ``index`` (a fixture)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sotto.search.index import Asked, IndexedPassage, SearchIndex, erase
from sotto.search.passage import DIMENSIONS, Kind, Passage, PassageFilter, SeenBy
from sotto.search.query import parsed

NOON = 1_790_000_000_000


def direction(*towards: float) -> list[float]:
    """A unit vector with these first numbers."""
    length = math.sqrt(sum(each * each for each in towards))
    return [each / length for each in towards] + [0.0] * (DIMENSIONS - len(towards))


def any_passage(**changes: Any) -> Passage:
    made = Passage(
        contact_id="c1",
        conversation_id="c1",
        kind=Kind.UTTERANCE,
        number=1,
        text="my debit card was blocked",
        start_ms=1_000,
        end_ms=3_000,
        at_ms=NOON,
        utterance_id="customer-1000",
        speaker="customer",
        agent="emma",
        team="service",
        queue="Loans #2",
        language="en-US",
        disposition="card_blocked",
        moments=("card_lost", "angry"),
        score=80.5,
    )
    return replace(made, **changes)


def put(index: SearchIndex, *passages: Passage, tenant: str = "harbour_bank", vector: Sequence[float] = ()) -> None:
    index.put(tenant, [IndexedPassage(each, vector or direction(1, each.number)) for each in passages])


def found(index: SearchIndex, text: str, tenant: str = "harbour_bank", **how: Any) -> list[Passage]:
    vector = how.pop("vector", None)
    asked = Asked(parsed(text).said, vector, PassageFilter(**how))
    return [each.passage for each in index.candidates(tenant, asked).found]


class SearchIndexContract:
    def test_of_a_tenant_without_an_index_there_is_nothing(self, index: SearchIndex) -> None:
        assert found(index, "card") == []
        assert index.known("harbour_bank", ["c1#utterance#000001"]) == {}
        assert list(index.keys("harbour_bank", "c1")) == []
        index.remove("harbour_bank", ["c1#utterance#000001"])
        index.drop("harbour_bank")

    def test_what_was_put_is_found_at_once_and_comes_back_as_it_was(self, index: SearchIndex) -> None:
        passage = any_passage(text="Ich möchte meine Karte – sofort – sperren 😀", language="de-DE")
        bare = Passage("c2", "c2", Kind.SUMMARY, 1, "Die Karte ist gesperrt")
        put(index, passage, bare)
        assert {each.key: each for each in found(index, "Karte")} == {passage.key: passage, bare.key: bare}

    def test_by_words_the_rarer_word_counts_more(self, index: SearchIndex) -> None:
        calls = [any_passage(number=n, text=f"the card of branch number {n}") for n in range(1, 9)]
        special = any_passage(number=20, text="the gearbox of branch number twenty")
        put(index, *calls, special)
        assert found(index, "card gearbox")[0] == special

    def test_by_meaning_the_closest_comes_first_without_any_word(self, index: SearchIndex) -> None:
        near, far = any_passage(number=1), any_passage(number=2, text="something else")
        put(index, near, vector=direction(1, 0.1))
        put(index, far, vector=direction(0.2, 1))
        assert found(index, "zzz", vector=direction(1, 0))[0] == near

    def test_what_words_and_meaning_both_find_comes_before_what_one_finds(self, index: SearchIndex) -> None:
        both = any_passage(number=1, text="the gearbox grinds")
        word = any_passage(number=2, text="the gearbox is fine")
        meant = any_passage(number=3, text="it makes a noise")
        put(index, both, vector=direction(1, 0.05))
        put(index, word, vector=direction(-1, 0.3))
        put(index, meant, vector=direction(1, 0.1))
        assert found(index, "gearbox", vector=direction(1, 0))[0] == both

    def test_candidates_say_what_they_were_found_by(self, index: SearchIndex) -> None:
        put(index, any_passage(number=1), vector=direction(1, 0))
        put(index, any_passage(number=2, text="nothing of it"), vector=direction(0, 1))
        asked = Asked(parsed("card").said, direction(1, 0))
        by_number = {each.passage.number: each for each in index.candidates("harbour_bank", asked).found}
        assert by_number[1].has_words and by_number[1].likeness == pytest.approx(1.0, abs=0.01)
        assert not by_number[2].has_words and by_number[2].likeness == pytest.approx(0.0, abs=0.01)

    def test_the_same_key_again_takes_the_place_of_the_one_before(self, index: SearchIndex) -> None:
        put(index, any_passage())
        put(index, any_passage())
        put(index, any_passage(text="the gearbox", moments=(), score=None))
        assert found(index, "card") == []
        assert found(index, "gearbox") == [any_passage(text="the gearbox", moments=(), score=None)]

    def test_known_are_digest_and_vector(self, index: SearchIndex) -> None:
        passage = any_passage()
        put(index, passage, vector=direction(3, 4))
        known = index.known("harbour_bank", [passage.key, "c9#utterance#000001"])
        assert set(known) == {passage.key}
        digest, vector = known[passage.key]
        assert digest == passage.digest
        assert list(vector)[:2] == pytest.approx([0.6, 0.8], abs=0.01)

    @pytest.mark.parametrize(
        ("wanted", "numbers"),
        [
            ({"kinds": frozenset({Kind.SUMMARY})}, {3}),
            ({"speakers": frozenset({"agent"})}, {2}),
            ({"agents": frozenset({"emma"})}, {1, 3}),
            ({"teams": frozenset({"retention", "service"})}, {1, 2, 3}),
            ({"queues": frozenset({"Loans #2"})}, {1, 3}),
            ({"languages": frozenset({"de-DE"})}, {2}),
            ({"dispositions": frozenset({"card_blocked"})}, {1, 3}),
            ({"moments": frozenset({"angry", "churn"})}, {1, 2}),
            ({"contacts": frozenset({"c2"})}, {2}),
            ({"conversations": frozenset({"c1"})}, {1, 3}),
            ({"since_ms": NOON + 1}, {2}),
            ({"until_ms": NOON + 1}, {1, 3}),
            ({"min_score": 80.0}, {1, 3}),
            ({"max_score": 80.0}, {2}),
            ({"seen_by": SeenBy("noah")}, {2}),
            ({"seen_by": SeenBy("noah", frozenset({"service"}))}, {1, 2, 3}),
            ({"seen_by": SeenBy("nobody")}, set()),
            ({"agents": frozenset({"emma"}), "moments": frozenset({"churn"})}, set()),
        ],
    )
    def test_a_filter_takes_what_has_all_of_it(self, index: SearchIndex, wanted: Any, numbers: set[int]) -> None:
        one = any_passage(number=1)
        two = any_passage(
            contact_id="c2", conversation_id="c2", number=2, speaker="agent", agent="noah", team="retention",
            queue="Sales", language="de-DE", disposition="kept", moments=("churn",), at_ms=NOON + 5, score=40.0,
        )  # fmt: skip
        three = any_passage(number=3, kind=Kind.SUMMARY, moments=("card_lost",), speaker="")
        put(index, one, two, three)
        for vector in (None, direction(1, 1)):
            seen = {each.number for each in found(index, "card", vector=vector, **wanted)}
            assert seen == numbers
        assert {each.number for each in (one, two, three) if PassageFilter(**wanted).takes(each)} == numbers

    def test_one_tenants_passages_are_not_anothers(self, index: SearchIndex) -> None:
        put(index, any_passage())
        put(index, any_passage(text="the card of the garage"), tenant="harbour-bank")
        assert [each.text for each in found(index, "card", "harbour-bank")] == ["the card of the garage"]
        index.drop("harbour-bank")
        assert found(index, "card", "harbour-bank") == []
        assert found(index, "card") == [any_passage()]

    def test_an_erased_contact_is_found_no_more_and_others_are(self, index: SearchIndex) -> None:
        put(index, *(any_passage(number=n) for n in range(1, 131)))
        put(index, any_passage(number=1, kind=Kind.SUMMARY), any_passage(contact_id="c2"))
        assert erase("harbour_bank", "c1", index) == 131
        assert erase("harbour_bank", "c1", index) == 0
        assert [each.contact_id for each in found(index, "card", vector=direction(1, 1))] == ["c2"]
        assert index.known("harbour_bank", ["c1#utterance#000001"]) == {}

    def test_it_says_when_there_may_be_more(self, index: SearchIndex) -> None:
        put(index, *(any_passage(number=n) for n in range(1, 121)))
        many = index.candidates("harbour_bank", Asked(parsed("card").said, direction(1, 1)))
        few = index.candidates("harbour_bank", Asked(parsed("gearbox").said, None))
        assert len(many.found) == 100 and many.may_miss
        assert not few.found and not few.may_miss
