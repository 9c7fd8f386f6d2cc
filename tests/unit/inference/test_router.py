"""Unit: routing a node to a model, under a virtual clock."""

from __future__ import annotations

import pytest

from sotto.graph.node import NodeStatus
from sotto.inference.router import Router
from sotto.inference.shard import ModelMissing, ModelNotReady, ModelRejected, ModelUnavailable
from sotto.models.registry import Rollout, UnknownModel
from tests.fakes.fixed_registry import FixedRegistry
from tests.fakes.routing import ScriptedShard, any_call, any_version
from tests.fakes.turned_clock import TurnedClock


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def shard(clock: TurnedClock) -> ScriptedShard:
    return ScriptedShard(clock)


class SlowRegistry(FixedRegistry):
    def __init__(self, clock: TurnedClock, takes_ms: float) -> None:
        super().__init__(any_version())
        self._clock, self._takes_ms = clock, takes_ms

    def find(self, tenant: str, model: str) -> Rollout:
        self._clock.pass_ms(self._takes_ms)
        return super().find(tenant, model)


class BrokenRegistry:
    def find(self, tenant: str, model: str) -> Rollout:
        raise ConnectionError("secret host name")


def test_a_model_that_answers_is_named_and_timed(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (12.0, {"label": "close_account"})
    result = Router(SlowRegistry(clock, 3.0), shard, clock).route(any_call())
    assert result.status is NodeStatus.OK
    assert result.output == {"label": "close_account"}
    assert result.took_ms == {"lookup": 3.0, "invoke": 12.0}
    assert result.served_by["model"] == "harbour_bank/intent/v2.tar.gz"
    assert result.served_by["endpoint"] == "classifiers"


def test_an_unknown_model_fails_and_says_what_to_do(clock: TurnedClock, shard: ScriptedShard) -> None:
    result = Router(FixedRegistry(), shard, clock).route(any_call(model="poetry"))
    assert result.status is NodeStatus.FAILED
    assert "no model 'poetry'" in result.reason and "publish it" in result.reason


def test_a_broken_registry_degrades_without_revealing_its_secrets(clock: TurnedClock, shard: ScriptedShard) -> None:
    result = Router(BrokenRegistry(), shard, clock).route(any_call())
    assert result.status is NodeStatus.DEGRADED
    assert result.reason == "the registry did not answer: ConnectionError"


def test_a_slow_model_is_cut_off_at_the_deadline(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (5_000.0, {})
    started = clock.monotonic_ms()
    result = Router(FixedRegistry(any_version()), shard, clock).route(any_call(deadline_ms=400))
    assert result.status is NodeStatus.DEGRADED
    assert result.reason.startswith("ModelLate")
    assert clock.monotonic_ms() - started == 400


def test_what_cannot_finish_is_not_started(clock: TurnedClock, shard: ScriptedShard) -> None:
    result = Router(SlowRegistry(clock, 395.0), shard, clock).route(any_call(deadline_ms=400))
    assert result.status is NodeStatus.DEGRADED
    assert "deadline of 400 ms passed" in result.reason
    assert shard.calls == []


@pytest.mark.parametrize("error", [ModelUnavailable("x"), ModelMissing("x"), ModelNotReady("x"), ModelRejected("x")])
def test_the_earlier_version_answers_when_the_new_one_cannot(
    clock: TurnedClock, shard: ScriptedShard, error: Exception
) -> None:
    shard.script["v2"] = (5.0, error)
    result = Router(FixedRegistry(any_version("v2"), any_version("v1")), shard, clock).route(any_call())
    assert result.status is NodeStatus.DEGRADED
    assert result.output == {"label": "v1"}
    assert result.served_by["version"] == "v1"
    assert type(error).__name__ in result.reason


def test_a_slow_first_choice_leaves_time_for_the_fallback(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (5_000.0, {})
    result = Router(FixedRegistry(any_version("v2"), any_version("v1")), shard, clock).route(any_call(deadline_ms=400))
    assert result.served_by["version"] == "v1"
    assert shard.calls == [("v2", 200.0), ("v1", 200.0)]


def test_after_repeated_failures_the_endpoint_is_left_alone(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (5.0, ModelUnavailable("gone"))
    router = Router(FixedRegistry(any_version()), shard, clock)
    for _ in range(5):
        router.route(any_call())
    refused = router.route(any_call())
    assert len(shard.calls) == 5
    assert "circuit of endpoint classifiers is open" in refused.reason
    assert refused.took_ms["invoke"] == 0


def test_a_probe_that_succeeds_closes_the_circuit(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (5.0, ModelUnavailable("gone"))
    router = Router(FixedRegistry(any_version()), shard, clock)
    for _ in range(5):
        router.route(any_call())
    shard.script.clear()
    clock.pass_ms(5_000)
    assert [router.route(any_call()).status for _ in range(3)] == [NodeStatus.OK] * 3


def test_a_probe_that_fails_opens_the_circuit_again(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (5.0, ModelUnavailable("gone"))
    router = Router(FixedRegistry(any_version()), shard, clock)
    for _ in range(5):
        router.route(any_call())
    clock.pass_ms(5_000)
    router.route(any_call())
    router.route(any_call())
    assert len(shard.calls) == 6


@pytest.mark.parametrize("error", [ModelNotReady("loading"), ModelRejected("no text"), ModelMissing("no package")])
def test_errors_of_one_model_do_not_close_the_endpoint_to_others(
    clock: TurnedClock, shard: ScriptedShard, error: Exception
) -> None:
    shard.script["v2"] = (1.0, error)
    router = Router(FixedRegistry(any_version()), shard, clock)
    for _ in range(20):
        router.route(any_call())
    shard.script.clear()
    assert router.route(any_call()).status is NodeStatus.OK


def test_one_dead_endpoint_does_not_close_another(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (1.0, ModelUnavailable("gone"))
    chain = FixedRegistry(any_version("v2"), any_version("v1", endpoint="standby"))
    router = Router(chain, shard, clock)
    results = [router.route(any_call()) for _ in range(8)]
    assert {r.served_by["endpoint"] for r in results} == {"standby"}


def test_the_text_of_the_call_is_in_no_reason(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (5.0, ModelUnavailable("endpoint classifiers answered 500"))
    result = Router(FixedRegistry(any_version()), shard, clock).route(any_call())
    assert "close my account" not in result.reason


def test_a_fixed_registry_prefers_the_tenants_own_model_to_the_shared_one() -> None:
    registry = FixedRegistry(any_version("s1", tenant="shared"), any_version("t1"))
    assert registry.find("harbour_bank", "intent").chain[0].version == "t1"
    assert registry.find("torque_garage", "intent").chain[0].version == "s1"
    with pytest.raises(UnknownModel):
        registry.find("torque_garage", "poetry")


def test_a_wave_is_answered_in_the_order_of_its_calls(clock: TurnedClock, shard: ScriptedShard) -> None:
    router = Router(FixedRegistry(any_version()), shard, clock)
    results = router.route_all([any_call(), any_call(model="poetry"), any_call()])
    assert [result.status for result in results] == [NodeStatus.OK, NodeStatus.FAILED, NodeStatus.OK]
    assert router.route_all([]) == []
