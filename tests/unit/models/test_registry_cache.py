"""Unit: what the router remembers of the registry."""

from __future__ import annotations

import pytest

from sotto.models.registry import CachedRegistry, Rollout, UnknownModel
from tests.fakes.routing import any_version
from tests.fakes.turned_clock import TurnedClock


class CountingRegistry:
    def __init__(self) -> None:
        self.asked = 0
        self.answer: Rollout | Exception = Rollout((any_version("v1"),))

    def find(self, tenant: str, model: str) -> Rollout:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_an_answer_is_remembered_until_it_is_old() -> None:
    clock, registry = TurnedClock(), CountingRegistry()
    cached = CachedRegistry(registry, clock, ttl_ms=1_000)
    cached.find("t", "intent")
    clock.pass_ms(999)
    cached.find("t", "intent")
    assert registry.asked == 1
    registry.answer = Rollout((any_version("v2"),))
    clock.pass_ms(1)
    assert cached.find("t", "intent").chain[0].version == "v2"


def test_a_model_with_a_version_on_trial_is_looked_up_sooner() -> None:
    clock, registry = TurnedClock(), CountingRegistry()
    cached = CachedRegistry(registry, clock)
    registry.answer = Rollout((any_version("v1"), any_version("v2")), {"v2": 10})
    assert cached.find("t", "intent").shares
    registry.answer = Rollout((any_version("v1"), any_version("v2")))
    clock.pass_ms(9_999)
    assert cached.find("t", "intent").shares, "remembered"
    clock.pass_ms(1)
    assert not cached.find("t", "intent").shares
    registry.answer = Rollout((any_version("v3"),))
    clock.pass_ms(29_999)
    assert cached.find("t", "intent").chain[0].version == "v1"


def test_a_refusal_is_remembered_too() -> None:
    registry = CountingRegistry()
    registry.answer = UnknownModel("none")
    cached = CachedRegistry(registry, TurnedClock())
    for _ in range(3):
        with pytest.raises(UnknownModel, match="none"):
            cached.find("t", "intent")
    assert registry.asked == 1


def test_an_old_answer_serves_while_the_registry_is_down() -> None:
    clock, registry = TurnedClock(), CountingRegistry()
    cached = CachedRegistry(registry, clock, ttl_ms=1_000)
    cached.find("t", "intent")
    registry.answer = ConnectionError()
    clock.pass_ms(5_000)
    assert cached.find("t", "intent").chain[0].version == "v1"


def test_without_an_old_answer_the_registrys_error_comes_through() -> None:
    registry = CountingRegistry()
    registry.answer = ConnectionError()
    with pytest.raises(ConnectionError):
        CachedRegistry(registry, TurnedClock()).find("t", "intent")


def test_tenants_and_models_are_kept_apart() -> None:
    registry = CountingRegistry()
    cached = CachedRegistry(registry, TurnedClock())
    for tenant, model in [("a", "x"), ("b", "x"), ("a", "y")]:
        cached.find(tenant, model)
    assert registry.asked == 3


def test_the_memory_is_bounded() -> None:
    cached = CachedRegistry(CountingRegistry(), TurnedClock(), most_entries=10)
    for number in range(100):
        cached.find(f"t{number}", "intent")
    assert len(cached._known) <= 10
