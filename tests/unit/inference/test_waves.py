"""Unit: the nodes of a wave that share a request are answered as each of them alone would be, under a virtual clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sotto.core.errors import SottoError
from sotto.graph.node import Node, NodeCall, NodeResult, NodeStatus, Output
from sotto.inference.endpoints import APART_MS
from sotto.inference.router import Router
from sotto.inference.shard import ModelMissing, ModelNotReady, ModelRejected, ModelUnavailable
from sotto.models.registry import Found, ModelVersion
from tests.fakes.fixed_registry import FixedRegistry
from tests.fakes.routing import ScriptedShard, VirtualThreads, any_call, any_version
from tests.fakes.turned_clock import TurnedClock

MODELS = ("behaviours", "entities", "intent", "sentiment")
Scripted = tuple[float, Output | SottoError]


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def shard(clock: TurnedClock) -> ScriptedShard:
    return ScriptedShard(clock)


def call_of(model: str, deadline_ms: int = 400) -> NodeCall:
    return replace(any_call(), node=Node(model, model, model, deadline_ms=deadline_ms))


def router_of(versions: Sequence[ModelVersion], shard: ScriptedShard, clock: TurnedClock) -> Router:
    return Router(FixedRegistry(*versions), shard, clock, side_by_side=VirtualThreads(clock))


def one_of_each(*, endpoint: str = "classifiers") -> list[ModelVersion]:
    return [any_version(model=model, endpoint=endpoint) for model in MODELS]


def test_a_wave_at_one_endpoint_is_one_request(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["intent/v2"] = (30.0, {"label": "close_account"})
    results = router_of(one_of_each(), shard, clock).route_all([call_of(model) for model in MODELS])
    assert shard.waves == [MODELS] and not shard.calls
    assert [result.node_id for result in results] == list(MODELS)
    assert {result.status for result in results} == {NodeStatus.OK}
    assert results[2].output == {"label": "close_account"} and results[2].took_ms == {"lookup": 0.0, "invoke": 30.0}
    assert results[2].served_by["model"] == "harbour_bank/intent/v2.tar.gz"


def test_endpoints_are_asked_beside_each_other_and_tenants_apart(clock: TurnedClock, shard: ScriptedShard) -> None:
    elsewhere = [any_version(model=model, endpoint="second") for model in ("x", "y")]
    foreign = [any_version(tenant="torque_garage", model=model) for model in ("intent", "entities")]
    calls = [call_of(model) for model in (*MODELS, "x", "y")]
    utterance = replace(calls[0].utterance, tenant="torque_garage")
    calls += [replace(call_of(model), utterance=utterance) for model in ("intent", "entities")]
    router = router_of([*one_of_each(), *elsewhere, *foreign], shard, clock)
    assert {result.status for result in router.route_all(calls)} == {NodeStatus.OK}
    assert sorted(shard.waves) == sorted([MODELS, ("x", "y"), ("entities", "intent")])
    assert clock.time_ms == 5.0


@pytest.mark.parametrize(
    "error", [ModelNotReady("loading"), ModelMissing("gone"), ModelRejected("no"), ModelUnavailable("500")]
)
def test_a_head_that_fails_is_missing_or_being_loaded_costs_only_itself(
    clock: TurnedClock, shard: ScriptedShard, error: SottoError
) -> None:
    shard.script["entities/v2"] = (2.0, error)
    versions = [*one_of_each(), any_version("v1", model="entities")]
    results = router_of(versions, shard, clock).route_all([call_of(model) for model in MODELS])
    assert [result.status for result in results] == [NodeStatus.OK, NodeStatus.DEGRADED, NodeStatus.OK, NodeStatus.OK]
    assert results[1].output == {"label": "v1"} and type(error).__name__ in results[1].reason


def test_a_first_that_has_to_be_loaded_leaves_the_others_half_of_their_time(
    clock: TurnedClock, shard: ScriptedShard
) -> None:
    shard.script["behaviours/v2"] = (20_000.0, ModelNotReady("loading"))
    results = router_of(one_of_each(), shard, clock).route_all([call_of(model, 150) for model in MODELS])
    assert [result.status for result in results] == [NodeStatus.DEGRADED, *[NodeStatus.OK] * 3]
    assert [result.took_ms["invoke"] for result in results[1:]] == [80.0] * 3


def test_the_next_wave_is_addressed_to_a_model_that_lies_in_memory(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["behaviours/v2"] = (1.0, ModelNotReady("loading"))
    router = router_of(one_of_each(), shard, clock)
    router.route_all([call_of(model) for model in MODELS])
    shard.script.clear()
    router.route_all([call_of(model) for model in MODELS])
    assert [wave[0] for wave in shard.waves] == ["behaviours", "entities"]


def test_a_node_with_less_time_is_late_alone(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script = {"intent/v2": (180.0, {"label": "x"}), "sentiment/v2": (180.0, {"label": "y"})}
    calls = [call_of("entities", 200), call_of("intent", 150), call_of("sentiment", 200)]
    entities, intent, sentiment = router_of(one_of_each(), shard, clock).route_all(calls)
    assert entities.status is sentiment.status is NodeStatus.OK and sentiment.output == {"label": "y"}
    assert intent.status is NodeStatus.DEGRADED and intent.reason.startswith("ModelLate")
    assert sentiment.took_ms["invoke"] == 180.0, "the work that the wave began was not begun again"


def test_one_in_a_hurry_goes_by_itself(clock: TurnedClock, shard: ScriptedShard) -> None:
    calls = [*(call_of(model, 400) for model in MODELS[:3]), call_of("sentiment", 150)]
    router_of(one_of_each(), shard, clock).route_all(calls)
    assert shard.waves == [MODELS[:3]] and [version for version, _ in shard.calls] == ["v2"]


def test_a_container_of_an_earlier_release_is_asked_model_by_model_for_a_while(
    clock: TurnedClock, shard: ScriptedShard
) -> None:
    shard.earlier.add("classifiers")
    router, calls = router_of(one_of_each(), shard, clock), [call_of(model) for model in MODELS]
    for _ in range(2):
        assert {result.status for result in router.route_all(calls)} == {NodeStatus.OK}
    assert len(shard.waves) == 1 and len(shard.calls) == 8, "the first answered by the wave itself"
    clock.pass_ms(APART_MS)
    shard.earlier.clear()
    router.route_all(calls)
    assert len(shard.waves) == 2 and len(shard.calls) == 8


def test_a_dead_endpoint_opens_its_circuit_and_the_standby_answers(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.down.add("classifiers")
    versions = [*one_of_each(), *(any_version("v1", model=model, endpoint="standby") for model in MODELS)]
    router, calls = router_of(versions, shard, clock), [call_of(model) for model in MODELS]
    for _ in range(2):
        assert {result.served_by["endpoint"] for result in router.route_all(calls)} == {"standby"}
    shard.waves.clear()
    results = router.route_all(calls)
    assert shard.waves == [MODELS], "the standby's own wave"
    assert "circuit of endpoint classifiers is open" in results[0].reason


def test_a_wave_probes_an_open_circuit_once(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.down.add("classifiers")
    router, calls = router_of(one_of_each(), shard, clock), [call_of(model) for model in MODELS]
    for _ in range(2):
        router.route_all(calls)
    shard.down.clear()
    clock.pass_ms(5_000)
    assert {result.status for result in router.route_all(calls)} == {NodeStatus.OK}
    assert {result.status for result in router.route_all(calls)} == {NodeStatus.OK}


def test_a_defect_costs_the_node_that_has_it(clock: TurnedClock, shard: ScriptedShard) -> None:
    class Broken(FixedRegistry):
        def find_all(self, tenant: str, models: Sequence[str]) -> Mapping[str, Found]:
            return {**super().find_all(tenant, models), "intent": ConnectionError("secret host name")}

    router = Router(Broken(*one_of_each()), shard, clock, side_by_side=VirtualThreads(clock))
    results = router.route_all([call_of(model) for model in (*MODELS, "poetry")])
    assert [result.status for result in results] == [*[NodeStatus.OK] * 2, "degraded", "ok", "failed"]
    assert results[2].reason == "the registry did not answer: ConnectionError"
    assert "publish it" in results[4].reason


ERRORS = (ModelRejected("no"), ModelUnavailable("500"))
QUICK_ERRORS = (ModelNotReady("loading"), ModelMissing("gone"))
scripted = st.one_of(
    st.tuples(st.sampled_from([3.0, 20.0, 60.0, 1_000.0]), st.sampled_from([{"label": "a"}, {"label": "b"}, *ERRORS])),
    st.tuples(st.just(1.0), st.sampled_from(QUICK_ERRORS)),
)
versions = st.fixed_dictionaries(
    {}, optional={model: st.lists(st.sampled_from(["a", "b", "a+b"]), min_size=1, max_size=3) for model in MODELS}
)


@settings(max_examples=400, deadline=None)
@given(
    published=versions,
    script=st.dictionaries(st.tuples(st.sampled_from(MODELS), st.integers(0, 2), st.sampled_from("ab")), scripted),
    down=st.sets(st.sampled_from("ab")),
    deadlines=st.lists(st.sampled_from([150, 200, 400]), min_size=len(MODELS), max_size=len(MODELS)),
    order=st.permutations(MODELS),
)
def test_a_wave_gives_each_node_what_it_would_get_alone(
    published: Mapping[str, list[str]],
    script: Mapping[tuple[str, int, str], Scripted],
    down: set[str],
    deadlines: list[int],
    order: list[str],
) -> None:
    known = [
        replace(any_version(f"v{number}", model=model, endpoint=at[0]), also_at=tuple(at[2:]))
        for model, chain in published.items()
        for number, at in enumerate(chain)
    ]
    calls = [call_of(model, deadline_ms) for model, deadline_ms in zip(order, deadlines, strict=True)]

    def router() -> Router:
        clock = TurnedClock()
        shard = ScriptedShard(clock)
        shard.script = {f"{model}/v{number}@{at}": answer for (model, number, at), answer in script.items()}
        shard.down = down
        return router_of(known, shard, clock)

    together = router()
    results = together.route_all(calls)
    circuits = together._endpoints._circuits
    assume(not any(circuit.is_open for circuit in circuits.values()))  # what several learn together, none learns alone
    assert [untimed(each) for each in results] == [untimed(router().route(call)) for call in calls]


def untimed(result: NodeResult) -> NodeResult:
    """Lateness is told with its milliseconds."""
    return replace(result, took_ms={}, reason=re.sub(r"ModelLate: [^;]*", "ModelLate", result.reason))
