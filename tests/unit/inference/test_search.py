"""Unit: agents' questions on their way to the shard, under a virtual clock."""

from __future__ import annotations

import pytest

from sotto.inference.knowledge_search import (
    DEADLINE_MS,
    MEANING_DEADLINE_MS,
    MOST_COMPARED,
    RoutedKnowledge,
    RoutedMeaning,
)
from sotto.inference.router import Router
from sotto.inference.shard import ModelUnavailable
from sotto.models.registry import ModelVersion
from tests.fakes.fixed_registry import FixedRegistry
from tests.fakes.routing import ScriptedShard
from tests.fakes.turned_clock import TurnedClock
from tests.unit.after_call.any_call import any_contact, said

ANSWER = {"text": "Never.", "article": "fees", "title": "Fees", "start": 0, "end": 6, "confidence": 0.7}


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def shard(clock: TurnedClock) -> ScriptedShard:
    return ScriptedShard(clock)


@pytest.fixture
def router(clock: TurnedClock, shard: ScriptedShard) -> Router:
    return Router(FixedRegistry(knowledge("v2")), shard, clock)


def knowledge(version: str) -> ModelVersion:
    tenant = any_contact().tenant
    return ModelVersion(tenant, "knowledge", version, f"{tenant}/knowledge/{version}.tar.gz", "classifiers")


def test_each_utterance_that_has_words_gets_its_likeness(router: Router, shard: ScriptedShard) -> None:
    shard.script["v2"] = (5.0, {"likeness": [0.1, 0.8]})
    call = said(("customer", "Hello."), ("agent", " "), ("customer", "Twelve dollars."))
    assert RoutedMeaning(router).likeness(any_contact(), "how much", call) == {"u1": 0.1, "u3": 0.8}
    (asked,) = [request for _, request, _ in shard.asked]
    assert (asked.tenant, asked.text) == (any_contact().tenant, "how much")
    assert asked.inputs == {"call": {"utterances": ["Hello.", "Twelve dollars."]}}


def test_of_a_long_call_the_latest_are_compared(router: Router, shard: ScriptedShard) -> None:
    call = said(*[("customer", f"Sentence {turn}.") for turn in range(MOST_COMPARED + 30)])
    shard.script["v2"] = (5.0, {"likeness": [0.1] * MOST_COMPARED})
    found = RoutedMeaning(router).likeness(any_contact(), "how much", call)
    assert list(found) == [each.id for each in call[30:]]


@pytest.mark.parametrize("takes_ms", [MEANING_DEADLINE_MS + 1.0, 60_000.0])
def test_a_shard_that_is_late_leaves_it_to_words(
    router: Router, shard: ScriptedShard, clock: TurnedClock, takes_ms: float
) -> None:
    shard.script["v2"] = (takes_ms, {"likeness": [0.9]})
    began = clock.monotonic_ms()
    assert RoutedMeaning(router).likeness(any_contact(), "how much", said(("customer", "Twelve."))) == {}
    assert clock.monotonic_ms() - began <= MEANING_DEADLINE_MS


@pytest.mark.parametrize("output", [{"answers": []}, {"likeness": [0.9, 0.9]}])
def test_a_shard_of_an_older_release_leaves_it_to_words(
    router: Router, shard: ScriptedShard, output: dict[str, object]
) -> None:
    shard.script["v2"] = (5.0, output)
    assert RoutedMeaning(router).likeness(any_contact(), "how much", said(("customer", "Twelve."))) == {}


def test_a_tenant_without_knowledge_has_words_alone(clock: TurnedClock, shard: ScriptedShard) -> None:
    meaning = RoutedMeaning(Router(FixedRegistry(), shard, clock))
    assert meaning.likeness(any_contact(), "how much", said(("customer", "Twelve."))) == {}
    assert meaning.likeness(any_contact(), "how much", []) == {}
    assert shard.calls == []


def test_an_earlier_version_that_answers_in_its_place_answers(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script |= {"v2": (5.0, ModelUnavailable("gone")), "v1": (5.0, {"answers": [ANSWER]})}
    found = RoutedKnowledge(Router(FixedRegistry(knowledge("v2"), knowledge("v1")), shard, clock)).search(
        any_contact(), "how much"
    )
    assert [each.article for each in found] == ["fees"]


def test_knowledge_that_does_not_answer_in_time_says_so(router: Router, shard: ScriptedShard) -> None:
    shard.script["v2"] = (DEADLINE_MS + 1.0, {"answers": [ANSWER]})
    with pytest.raises(ModelUnavailable, match="ask again"):
        RoutedKnowledge(router).search(any_contact(), "how much")
