"""Unit: moments by words, meaning and order, on an index that is the real one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sotto.search.adapters.embedded import EmbeddedIndex
from sotto.search.find import FindPorts, SearchResult, find
from sotto.search.index import IndexedPassage
from sotto.search.passage import PassageFilter
from sotto.search.query import parsed
from tests.contract.ports.search_index_contract import any_passage
from tests.fakes.text_vectors import WordVectors, vector_of


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[FindPorts]:
    index = EmbeddedIndex(tmp_path)
    yield FindPorts(index, WordVectors())
    index.close()


def said(ports: FindPorts, *texts: str, contact_id: str = "c1", **changes: Any) -> None:
    passages = [
        any_passage(contact_id=contact_id, conversation_id=contact_id, number=n, text=text, start_ms=n * 1_000,
                    at_ms=n * 1_000, **changes)
        for n, text in enumerate(texts, 1)
    ]  # fmt: skip
    ports.index.put("bank", [IndexedPassage(each, vector_of(each.text)) for each in passages])


def search(ports: FindPorts, text: str, **wanted: Any) -> SearchResult:
    return find("bank", parsed(text), PassageFilter(**wanted), ports)


def texts(result: SearchResult) -> list[str]:
    return [each.passage.text for each in result.moments]


def test_words_of_the_question_are_highlighted_where_they_stand(ports: FindPorts) -> None:
    said(ports, "Ünlucky: I lost my card, my blue card.", "nothing of it at all")
    (found,) = search(ports, "cards lost").moments
    assert [found.passage.text[start:end] for start, end in found.highlights] == ["lost", "card", "card"]
    (phrase,) = search(ports, '"my blue card" lost').moments
    assert [phrase.passage.text[start:end] for start, end in phrase.highlights] == ["lost", "my blue card"]


def test_what_neither_has_the_words_nor_means_it_is_no_result(ports: FindPorts) -> None:
    said(ports, "the gearbox grinds", "the heating is cold")
    assert search(ports, "aubergine").moments == ()


def test_phrases_and_exclusions_hold(ports: FindPorts) -> None:
    said(ports, "cancel my card please", "my card, cancel it", "cancel my card and my account")
    assert sorted(texts(search(ports, '"cancel my card"'))) == [
        "cancel my card and my account",
        "cancel my card please",
    ]
    assert texts(search(ports, '"cancel my card" -account')) == ["cancel my card please"]
    assert texts(search(ports, 'cancel -"my card"')) == []


def test_order_is_that_of_the_call(ports: FindPorts) -> None:
    said(ports, "about my refund", "about my address", "about my refund again")
    said(ports, "about my address", contact_id="c2")
    before = search(ports, "refund BEFORE address")
    assert texts(before) == ["about my refund"]
    assert before.moments[0].beside is not None and before.moments[0].beside.passage.text == "about my address"
    assert texts(search(ports, "refund AFTER address")) == ["about my refund again"]
    assert texts(search(ports, "address BEFORE invoice")) == []


def test_order_over_two_contacts_of_one_conversation_is_by_the_clock(ports: FindPorts) -> None:
    early = any_passage(contact_id="c1", conversation_id="c1", text="about my refund", at_ms=5_000, start_ms=90_000)
    late = any_passage(contact_id="c2", conversation_id="c1", text="about my address", at_ms=9_000, start_ms=100)
    ports.index.put("bank", [IndexedPassage(each, vector_of(each.text)) for each in (early, late)])
    assert texts(search(ports, "refund BEFORE address")) == ["about my refund"]
    assert texts(search(ports, "refund AFTER address")) == []


def test_without_the_encoder_words_are_searched_and_the_result_says_so(ports: FindPorts) -> None:
    said(ports, "about my refund")
    assert search(ports, "refund").by_meaning
    down = replace(ports, vectors=WordVectors(is_down=True))
    result = search(down, "refund")
    assert texts(result) == ["about my refund"] and not result.by_meaning


def test_an_index_that_answers_more_than_it_was_asked_for_shows_none_of_it(ports: FindPorts) -> None:
    class Leaky(EmbeddedIndex):
        def candidates(self, tenant: str, asked: Any) -> Any:
            return super().candidates(tenant, replace(asked, filter=PassageFilter()))

    said(ports, "about my refund", agent="noah")
    assert isinstance(ports.index, EmbeddedIndex)
    ports.index.__class__ = Leaky
    assert search(ports, "refund", agents=frozenset({"emma"})).moments == ()
    assert texts(search(ports, "refund", agents=frozenset({"noah"}))) == ["about my refund"]


def test_a_result_says_how_much_was_looked_at(ports: FindPorts) -> None:
    passages = [any_passage(number=n, text=f"my card number {n}") for n in range(1, 131)]
    ports.index.put("bank", [IndexedPassage(each, vector_of(each.text)) for each in passages])
    result = search(ports, "card")
    assert result.candidates == 100 and result.may_miss
    assert not search(ports, '"number 7"').may_miss or search(ports, '"number 7"').moments
