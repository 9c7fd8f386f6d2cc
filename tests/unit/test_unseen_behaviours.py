"""Unit: the texts that behaviours are judged by, and what is counted of them."""

from __future__ import annotations

import pytest

from benchmarks.behaviour_quality import by_each_way, figures, rules, unseen
from local.options import TENANTS
from sotto.wiring.publishing import book_from


@pytest.mark.parametrize("tenant", ["harbour_bank", "torque_garage"])
def test_every_behaviour_of_a_shipped_tenant_is_judged_on_texts_that_it_does_not_learn(tenant: str) -> None:
    playbook = book_from(TENANTS / tenant).playbook
    texts = unseen(tenant)
    assert {label for _, shows in texts for label in shows} == set(playbook.behaviours)
    assert {rule.behaviour for rule in rules(playbook)} == set(playbook.behaviours)
    assert min(sum(label in shows for _, shows in texts) for label in playbook.behaviours) >= 6
    assert sum(not shows for _, shows in texts) >= 30
    learned = {phrase.casefold() for phrases in playbook.behaviours.values() for phrase in phrases}
    assert not learned & {text.casefold() for text, _ in texts}


def test_a_moment_comes_by_the_model_where_it_is_sure_and_by_words() -> None:
    known = [rule for rule in rules(book_from(TENANTS / "harbour_bank").playbook) if rule.behaviour == "hold_notice"]
    unsure = by_each_way({"hold_notice": 0.9}, "One second, I will ask.", known)
    assert (unsure["model"], unsure["at playbook's"], unsure["moments"]) == ({"hold_notice"}, frozenset(), frozenset())
    worded = by_each_way({}, "Please hold the line.", known)
    assert (worded["model"], worded["phrases"], worded["moments"]) == (frozenset(), {"hold_notice"}, {"hold_notice"})


def test_precision_and_recall_count_texts_and_behaviours() -> None:
    truth = [frozenset({"a", "b"}), frozenset({"a"}), frozenset[str]()]
    found = [frozenset({"a"}), frozenset({"b"}), frozenset({"b"})]
    assert figures(truth, found, ["a", "b"]) == {
        "a": {"precision": 1.0, "recall": 0.5, "texts": 2},
        "b": {"precision": 0.0, "recall": 0.0, "texts": 1},
        "all": {"precision": 0.333, "recall": 0.333, "texts": 3},
    }
