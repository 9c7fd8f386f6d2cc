"""Unit: which version a call sees, where it is asked, and what a shadow may do."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest

from sotto.aws.table import StorageUnavailable
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.graph.graph import Graph
from sotto.graph.node import LONGEST_ROUTE, Node, NodeCall, NodeStatus
from sotto.inference.comparison import Comparison, ToCompare, compare_shadows, tally
from sotto.inference.earlier_utterances import MOST_UTTERANCES, EarlierUtterances
from sotto.inference.placement import COLD_MS, RESIDENT_MS, EndpointPlacement
from sotto.inference.router import Router
from sotto.inference.shard import ModelNotReady, ModelUnavailable
from sotto.models.registry import ModelVersion, Rollout, Shadow
from tests.fakes.fixed_registry import FixedRegistry
from tests.fakes.routing import ScriptedShard, any_call, any_version
from tests.fakes.turned_clock import TurnedClock

OLD, NEW, THIRD = any_version("v1"), any_version("v2"), any_version("v3")
CONTACTS = [f"contact-{number}" for number in range(4_000)]


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def shard(clock: TurnedClock) -> ScriptedShard:
    return ScriptedShard(clock)


def everywhere(version: ModelVersion, *more: str) -> ModelVersion:
    return replace(version, endpoint="a", also_at=more or ("b", "c"))


def call_of(contact_id: str) -> NodeCall:
    call = any_call()
    return replace(call, utterance=replace(call.utterance, contact_id=contact_id))


def first(rollout: Rollout, contact_id: str) -> str:
    return rollout.for_call(contact_id)[0].version


def test_a_share_of_the_calls_sees_the_version_on_trial() -> None:
    rollout = Rollout((OLD, NEW), {"v2": 20})
    seen = Counter(first(rollout, contact) for contact in CONTACTS)
    assert 0.17 < seen["v2"] / len(CONTACTS) < 0.23
    assert [one.version for one in rollout.for_call(next(c for c in CONTACTS if first(rollout, c) == "v2"))] == [
        "v2", "v1",
    ]  # fmt: skip


def test_a_call_sees_one_version_whoever_asks_and_a_growing_share_takes_no_call_away_from_it() -> None:
    small, large = Rollout((OLD, NEW), {"v2": 10}), Rollout((OLD, NEW), {"v2": 30})
    on_trial = [contact for contact in CONTACTS if first(small, contact) == "v2"]
    assert all(first(Rollout((OLD, NEW), {"v2": 10}), contact) == "v2" for contact in on_trial)
    assert all(first(large, contact) == "v2" for contact in on_trial)


def test_two_trials_and_a_shadow_are_chosen_independently() -> None:
    rollout = Rollout((OLD, NEW, THIRD), {"v2": 30, "v3": 30}, Shadow(any_version("v4"), 50))
    seen = Counter((first(rollout, contact), rollout.shadow_of(contact) is not None) for contact in CONTACTS)
    assert all(
        0.10 < seen[version, shadowed] / len(CONTACTS) < 0.25 for version in ("v1", "v2", "v3") for shadowed in (0, 1)
    )


def test_the_result_says_which_variant_answered_and_where(clock: TurnedClock, shard: ScriptedShard) -> None:
    rollout = Rollout((OLD, NEW), {"v2": 50})
    router = Router(FixedRegistry.of(rollout), shard, clock)
    contact = next(each for each in CONTACTS if first(rollout, each) == "v2")
    result = router.route(call_of(contact))
    assert result.status is NodeStatus.OK and result.route == "v2 classifiers trial"
    shard.script["v2"] = (1.0, ModelUnavailable("gone"))
    result = router.route(call_of(contact))
    assert result.status is NodeStatus.DEGRADED
    assert result.route == "v1 classifiers preferred; ModelUnavailable: gone"
    assert len(replace(result, reason="x" * 9_999).route) == LONGEST_ROUTE


def test_a_model_is_asked_where_it_has_answered_before(clock: TurnedClock, shard: ScriptedShard) -> None:
    home, other = EndpointPlacement(clock).targets(everywhere(NEW, "b"))
    shard.script[f"v2@{home}"] = (1.0, ModelNotReady("loading"))
    router = Router(FixedRegistry(everywhere(NEW, "b")), shard, clock)
    result = router.route(any_call())
    assert result.status is NodeStatus.OK and result.served_by["endpoint"] == other
    assert "ModelNotReady" in result.reason
    assert [(version.endpoint, patient) for version, _, patient in shard.asked] == [(home, False), (other, True)]
    shard.script.clear()
    assert router.route(any_call()).served_by["endpoint"] == other
    clock.pass_ms(COLD_MS)
    assert router.route(any_call()).served_by["endpoint"] == other, "it is resident here, and may be there by now"
    clock.pass_ms(RESIDENT_MS)
    assert router.route(any_call()).served_by["endpoint"] == home


def test_an_endpoint_whose_circuit_is_open_takes_none_of_the_time(clock: TurnedClock, shard: ScriptedShard) -> None:
    home, other = EndpointPlacement(clock).targets(everywhere(NEW, "b"))
    shard.script[f"v2@{home}"] = (1.0, ModelUnavailable("gone"))
    router = Router(FixedRegistry(everywhere(NEW, "b")), shard, clock)
    for _ in range(5):
        assert router.route(any_call()).served_by["endpoint"] == other
        clock.pass_ms(RESIDENT_MS)
        shard.calls.clear()
    for _ in range(5):  # the circuit heals after a while, so fail at once now
        router.route(any_call())
        clock.pass_ms(1)
    shard.calls.clear()
    result = router.route(any_call(deadline_ms=400))
    assert shard.calls == [("v2", 400.0)] and result.served_by["endpoint"] == other


def test_the_time_is_halved_for_each_attempt_but_the_last(clock: TurnedClock, shard: ScriptedShard) -> None:
    versions = [any_version(f"v{number}", endpoint=f"e{number}") for number in range(9, 2, -1)]
    for version in versions:
        shard.script[version.version] = (5_000.0, {})
    Router(FixedRegistry(*versions), shard, clock).route(any_call(deadline_ms=800))
    assert shard.calls == [("v9", 400.0), ("v8", 200.0), ("v7", 100.0), ("v6", 100.0)]


def test_models_spread_over_endpoints_and_stay_when_one_is_added() -> None:
    placement = EndpointPlacement(TurnedClock())
    models = [replace(everywhere(NEW), model=f"m{n}", target_model=f"t/m{n}/v2.tar.gz") for n in range(600)]
    before = {model.model: placement.targets(model)[0] for model in models}
    assert all(150 < count < 250 for count in Counter(before.values()).values())
    after = {m.model: placement.targets(replace(m, also_at=("b", "c", "d")))[0] for m in models}
    assert all(after[name] in (home, "d") for name, home in before.items())
    assert all(placement.targets(replace(m, version="v3"))[0] == before[m.model] for m in models)


def test_a_shadow_is_named_beside_the_live_answer_and_never_answers(clock: TurnedClock, shard: ScriptedShard) -> None:
    router = Router(FixedRegistry.of(Rollout((OLD,), shadow=Shadow(NEW))), shard, clock)
    result = router.route(any_call())
    assert (result.output, result.shadow) == ({"label": "v1"}, "v2") and shard.calls == [("v1", 400.0)]
    shard.script["v1"] = (1.0, ModelUnavailable("gone"))
    assert not router.route(any_call()).output


class Kept:
    def __init__(self) -> None:
        self.all: list[Comparison] = []

    def store(self, comparison: Comparison) -> None:
        self.all.append(comparison)


def compared(clock: TurnedClock, shard: ScriptedShard) -> Comparison:
    node = Node("intent", "intent", "intent")
    router, kept = Router(FixedRegistry.of(Rollout((OLD,), shadow=Shadow(NEW))), shard, clock), Kept()
    call = any_call()
    live = router.route(call)
    graph = Graph(call.utterance, (node, Node("other", "sentiment", "sentiment")))
    unshadowed = replace(live, node_id="other", shadow="")
    assert compare_shadows(ToCompare(graph, (live, unshadowed)), router, kept, clock) == 1
    (comparison,) = kept.all
    return comparison


def test_a_comparison_keeps_labels_and_times_and_neither_words_nor_the_contact(
    clock: TurnedClock, shard: ScriptedShard
) -> None:
    shard.script["v1"] = (12.0, {"label": "close_account", "confidence": 0.9})
    shard.script["v2"] = (7.0, {"label": None, "confidence": 0.6})
    found = compared(clock, shard)
    assert not found.agreed and found.live.labels == ("close_account",) and found.shadow.labels == ("none_of_these",)
    assert (found.live.took_ms, found.shadow.took_ms) == (12.0, 7.0)
    assert "close my account" not in repr(found) and "c1" not in repr(found)


def test_a_shadow_that_fails_is_counted_as_failed(clock: TurnedClock, shard: ScriptedShard) -> None:
    shard.script["v2"] = (7.0, ModelUnavailable("secret address"))
    found = compared(clock, shard)
    assert found.failure == "ModelUnavailable" and not found.agreed
    good = replace(found, failure="", shadow=found.live)
    comparison = tally([found, good, replace(good, shadow=replace(found.live, labels=("sell",)))])
    assert (comparison.compared, comparison.agreed, comparison.failed) == (3, 1, 1)
    assert comparison.differences == ((("v1", "sell"), 1),) and comparison.failures == (("ModelUnavailable", 1),)


def test_a_shadow_that_was_taken_out_meanwhile_is_not_asked(clock: TurnedClock, shard: ScriptedShard) -> None:
    router = Router(FixedRegistry.of(Rollout((OLD,), shadow=Shadow(THIRD))), shard, clock)
    assert router.shadow(any_call(), "v2", timeout_ms=100).reason == "NoLongerTheShadow"
    assert shard.calls == []


class StoredUtterances:
    """The transcript of a long call."""

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[Utterance]:
        if tenant != "harbour_bank":
            raise StorageUnavailable("throttled")
        every = [Utterance(tenant, contact_id, f"u{n}", n, Speaker.AGENT, n, n, f"words {n}") for n in range(1, 60)]
        return [each for each in every if each.seq > after_seq][:limit]


def test_a_store_that_does_not_answer_is_not_waited_for() -> None:
    over = threading.Event()

    class Silent:
        def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[Utterance]:
            over.wait(20)
            return []

    call = any_call()
    assert EarlierUtterances(Silent()).before(replace(call, utterance=replace(call.utterance, seq=9))) == ()
    over.set()


def test_a_model_that_wants_context_gets_what_was_said_just_before(clock: TurnedClock, shard: ScriptedShard) -> None:
    router = Router(
        FixedRegistry(OLD, any_version("s", tenant="shared")),
        shard,
        clock,
        earlier=EarlierUtterances(StoredUtterances()),
    )
    call = any_call()
    late = replace(call, utterance=replace(call.utterance, seq=40), node=replace(call.node, context=True))
    router.route(late)
    router.route(replace(late, node=replace(call.node, context=False)))
    router.route(replace(late, utterance=replace(late.utterance, tenant="torque_garage")))
    contexts = [request.context for _, request, _ in shard.asked]
    assert contexts[0] == tuple(f"words {n}" for n in range(40 - MOST_UTTERANCES, 40))
    assert contexts[1:] == [(), ()] and "context" not in shard.asked[1][1].as_json()
