"""What recognisers are given of a tenant. Kind: pure functions."""

from __future__ import annotations

import pytest

from sotto.tenants.articles import Article
from sotto.tenants.book import Team
from sotto.tenants.speech_words import LONGEST_WORD, MOST_WORDS, agent_names, speech_words

ARTICLES = (
    Article("loaner", "Loaner cars", "We give a loaner car. Drive to Mill Road and ask for Mill Road keys."),
    Article("fees", "Monthly account fee and how to avoid it", "The Harbour Free has no fee. Take Harbour Free."),
    Article("card", "Lost card: what to do", "Block the card. Never ask for the PIN, nor for the PIN again."),
)


def test_what_a_tenant_writes_comes_first_then_its_name_short_titles_and_names_of_its_articles() -> None:
    found = speech_words(title="Harbour Bank", written=("Zelle", "harbour bank"), articles=ARTICLES)
    assert found[:4] == ("Zelle", "harbour bank", "Loaner cars", "Lost card")
    assert {"Mill Road", "Harbour Free", "PIN"} <= set(found)
    assert not {"Monthly account fee and how to avoid it", "We", "The", "Never"} & set(found)


def test_there_are_never_more_or_longer_ones_than_anybody_takes() -> None:
    many = [f"word {'x' * (n % 90)} {n}" for n in range(900)]
    found = speech_words(title="Harbour Bank", written=many, articles=())
    assert len(found) == MOST_WORDS and max(map(len, found)) <= LONGEST_WORD


@pytest.mark.parametrize(
    ("agents", "expected"),
    [(("emma", "NOAH7", "j.smith", "liam"), ("Emma", "Liam")), (("a1", "x" * 40), ()), ((), ())],
)
def test_usernames_that_are_given_names_are_names(agents: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert agent_names({"service": Team(title="Service", agents=agents)}) == expected
