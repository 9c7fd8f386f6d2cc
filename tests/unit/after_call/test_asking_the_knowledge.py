"""Unit: an agent's question, answered out of the articles; extractive and by a model."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sotto.api.ask.from_knowledge import KnowledgeQuestions
from sotto.call.contact import Contact
from sotto.call.summary import Origin
from sotto.generation.chain import GenerationChain, Provider
from sotto.generation.generator import CutOff
from sotto.generation.nodes import GenerativeNodes
from sotto.inference.shard import ModelUnavailable
from sotto.knowledge.answers import CitedWords, KnowledgeAnswer, KnowledgeAssist
from tests.fakes.desk import KnowledgeInMemory
from tests.fakes.generating import LIMIT, WAIVER, KeptAccount, ScriptedGenerator, wrote
from tests.fakes.turned_clock import TurnedClock

CONTACT = Contact("harbour_bank", "c1", "i", "s", 0)
FEES = KnowledgeAnswer(WAIVER, "fees", "Fees", 10, 90, 0.8)
WIRES = KnowledgeAnswer(LIMIT, "wires", "Wire transfers", 0, 80, 0.7)
QUESTION = "is the fee waived and when do wire transfers arrive?"
FIRST, SECOND = WAIVER.split(". ")[0] + ".", WAIVER.split(". ")[1]


def asked(found: Sequence[KnowledgeAnswer], *writers: ScriptedGenerator, question: str = QUESTION) -> KnowledgeAssist:
    clock = TurnedClock()
    chain = GenerationChain([Provider(f"p{n}", each) for n, each in enumerate(writers)], clock, KeptAccount())
    try:
        questions = KnowledgeQuestions(KnowledgeInMemory(list(found)), GenerativeNodes(chain, clock))
        return questions.answer(CONTACT, question)
    finally:
        chain.close()


def test_sentences_of_several_articles_are_quoted_each_with_its_source() -> None:
    assist = asked([FEES, WIRES])
    assert assist.sentences == (CitedWords(FIRST, (0,)), CitedWords(SECOND, (0,)), CitedWords(LIMIT, (1,)))
    assert (assist.origin, assist.model, assist.found) == (Origin.QUOTED, "", (FEES, WIRES))


def test_an_article_that_adds_nothing_to_the_answer_is_found_and_not_quoted() -> None:
    assist = asked([FEES, WIRES], question="is the monthly fee waived?")
    assert {each.sources for each in assist.sentences} == {(0,)} and assist.found == (FEES, WIRES)


def test_a_model_may_answer_over_several_articles() -> None:
    text = wrote("The fee is waived once a year [1]. Wire transfers arrive the next business day [2].", 1, 2)
    assist = asked([FEES, WIRES], ScriptedGenerator(TurnedClock(), text))
    assert [each.sources for each in assist.sentences] == [(0,), (1,)]
    assert (assist.origin, assist.model) == (Origin.MODEL, "a-model")


def test_a_model_may_say_that_none_of_what_was_found_answers() -> None:
    assist = asked([FEES, WIRES], ScriptedGenerator(TurnedClock(), wrote("")))
    assert assist.sentences == () and assist.found == (FEES, WIRES) and assist.origin is Origin.MODEL


def test_what_fails_to_write_is_replaced_by_quotes() -> None:
    assist = asked([FEES], ScriptedGenerator(TurnedClock(), error=CutOff("broke")))
    assert assist.origin is Origin.QUOTED and len(assist.sentences) == 2


def test_no_article_is_no_answer_and_nobody_is_asked_to_write_one() -> None:
    writer = ScriptedGenerator(TurnedClock(), wrote("Penguins."))
    assert asked([], writer) == KnowledgeAssist((), ()) and not writer.asked


def test_a_search_that_fails_is_no_empty_answer() -> None:
    class Broken(KnowledgeInMemory):
        def search(self, contact: Contact, question: str) -> Sequence[KnowledgeAnswer]:
            raise ModelUnavailable("the knowledge model did not answer; ask again")

    clock = TurnedClock()
    chain = GenerationChain((), clock, KeptAccount())
    with pytest.raises(ModelUnavailable):
        KnowledgeQuestions(Broken(), GenerativeNodes(chain, clock)).answer(CONTACT, QUESTION)
    chain.close()
