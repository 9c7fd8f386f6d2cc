"""Unit: events of one conversation that are filed at the same time."""

from __future__ import annotations

from typing import Any

import pytest

from sotto.analytics.days import filing
from sotto.analytics.days.filing import TRIES, Filed, FiledMeanwhile, FilingPorts, refile
from sotto.analytics.facts.of_conversation import ConversationFacts, facts_of
from tests.unit.analytics.any_conversation import records


class Contended:
    """A FiledFacts in which somebody else files first, so often."""

    def __init__(self, others: int) -> None:
        self.others = others
        self.looked = 0
        self.filed_facts: list[ConversationFacts] = []

    def filed(self, tenant: str, conversation_id: str) -> Filed:
        self.looked += 1
        return Filed()

    def file(self, tenant: str, facts: ConversationFacts, *, after: Filed) -> bool:
        if self.others:
            self.others -= 1
            raise FiledMeanwhile("the conversation was filed at the same time")
        self.filed_facts.append(facts)
        return True


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> Any:
    def of(store: Contended) -> FilingPorts:
        monkeypatch.setattr(filing, "records_of", lambda tenant, conversation_id, ports: [records()])
        return FilingPorts(None, store, lambda contact: None)  # type: ignore[arg-type]

    return of


def test_what_was_filed_at_the_same_time_is_looked_at_and_filed_again(ports: Any) -> None:
    store = Contended(TRIES - 1)
    assert refile("bank", "c1", ports(store))
    assert store.looked == TRIES
    assert store.filed_facts == [facts_of("c1", [records()], lambda contact: None)]


def test_who_never_gets_a_turn_is_tried_again_by_the_platform(ports: Any) -> None:
    with pytest.raises(FiledMeanwhile):
        refile("bank", "c1", ports(Contended(TRIES)))
