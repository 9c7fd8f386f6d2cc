"""Unit: the graph of an utterance, wave by wave."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from pydantic import TypeAdapter

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.graph.compiled_policies import CompiledPolicies, PlannedNode
from sotto.graph.condition import holds, impossible
from sotto.graph.graph import Advance, Graph, advance, call_of, circle, first_wave, plan
from sotto.graph.node import Node, NodeResult, NodeStatus

UTTERANCE = Utterance("t", "c", "u1", 1, Speaker.CUSTOMER, 0, 1000, "I want to close my account")
BOTH = (Speaker.CUSTOMER, Speaker.AGENT)


def node(name: str, *after: str, task: str = "intent", **more: Any) -> Node:
    return Node(name, task, name, after, **more)


def said(name: str, label: str | None = "buy", confidence: float = 0.9) -> NodeResult:
    return NodeResult(name, "intent", NodeStatus.OK, {"label": label, "confidence": confidence})


def failed(name: str) -> NodeResult:
    return NodeResult(name, "intent", NodeStatus.FAILED)


def graph(*nodes: Node) -> Graph:
    return Graph(UTTERANCE, nodes)


def fates(graph: Graph, *results: NodeResult) -> dict[str, str]:
    step = advance(graph, results)
    return {call.node.id: "runs" for call in step.next} | {one.node_id: one.status.value for one in step.skipped}


def compiled(*planned: PlannedNode) -> CompiledPolicies:
    return CompiledPolicies("t", "c", 0, "v", nodes=planned)


def test_the_first_wave_holds_what_waits_for_nothing() -> None:
    assert [call.node.id for call in first_wave(graph(node("a"), node("b", "a"), node("c")))] == ["a", "c"]


def test_a_node_gets_the_outputs_that_it_waited_for() -> None:
    step = advance(graph(node("a"), node("b", "a")), [said("a")])
    (call,) = step.next
    assert call.node.id == "b" and call.inputs == {"a": {"label": "buy", "confidence": 0.9}}
    assert not step.done


def test_the_graph_is_done_when_everything_has_settled() -> None:
    diamond = graph(node("a"), node("b", "a"), node("c", "a"), node("d", "b", "c"))
    assert advance(diamond, [said(name) for name in "abcd"]).done
    assert fates(diamond, said("a"), said("b")) == {"c": "runs"}
    assert fates(diamond, said("a"), said("b"), said("c")) == {"d": "runs"}


def test_a_graph_without_nodes_is_done_at_once() -> None:
    assert advance(graph(), []).done and first_wave(graph()) == ()


def test_a_false_condition_skips_the_node_and_all_that_waits_for_it() -> None:
    chain = graph(node("a"), node("b", only_if={"a": "buy"}), node("c", "b"), node("d", "b", even_without=True))
    assert fates(chain, said("a", "sell")) == {"b": "skipped", "c": "skipped", "d": "runs"}


def test_a_failed_dependency_degrades_what_needs_it_and_holds_back_nothing_else() -> None:
    chain = graph(node("a"), node("b", "a"), node("c", "b"), node("d", "a", even_without=True), node("e"))
    assert fates(chain, failed("a")) == {"b": "degraded", "c": "degraded", "d": "runs", "e": "runs"}
    reasons = {one.node_id: one.reason for one in advance(chain, [failed("a")]).skipped}
    assert reasons["b"] == "needs a, which failed"


def test_a_degraded_result_with_an_output_counts_as_an_answer() -> None:
    fallback = NodeResult("a", "intent", NodeStatus.DEGRADED, {"label": "buy", "confidence": 0.8})
    assert fates(graph(node("a"), node("b", only_if={"a": "buy"})), fallback) == {"b": "runs"}


def test_a_condition_on_a_failed_node_is_unknown_and_does_not_hold_back_even_without() -> None:
    condition = {"not": {"a": "buy"}}
    chain = graph(node("a"), node("b", only_if=condition), node("c", only_if=condition, even_without=True))
    assert fates(chain, failed("a")) == {"b": "degraded", "c": "runs"}


def test_the_order_of_results_does_not_matter() -> None:
    chain = graph(node("a"), node("b"), node("c", "a", "b", only_if={"a": "buy"}), node("d", "c"))
    results = [said("a", "sell"), said("b"), failed("x")]
    assert len({str(sorted(fates(chain, *order).items())) for order in permutations(results)}) == 1


def test_graphs_and_advances_survive_json() -> None:
    one = graph(node("a"), node("b", only_if={"all": [{"a": {"any_of": ["buy"], "at_least": 0.5}}]}))
    step = advance(one, [said("a")])
    for value, adapter in ((one, TypeAdapter(Graph)), (step, TypeAdapter(Advance))):
        assert adapter.validate_json(adapter.dump_json(value)) == value


def test_a_plan_keeps_what_is_meant_for_the_speaker() -> None:
    policies = compiled(
        PlannedNode(node("a"), (Speaker.CUSTOMER,)),
        PlannedNode(node("b"), (Speaker.AGENT,)),
        PlannedNode(node("c", "b"), BOTH),
        PlannedNode(node("d", "b", "a", only_if={"b": "buy"}, even_without=True), BOTH),
    )
    planned = plan(policies, UTTERANCE)
    assert [one.id for one in planned.nodes] == ["a", "d"]
    assert planned.nodes[1].after == ("a",) and planned.nodes[1].only_if is None


def test_an_interim_runs_only_what_is_meant_for_interims() -> None:
    policies = compiled(PlannedNode(node("a"), BOTH), PlannedNode(node("b"), BOTH, on_interims=True))
    interim = Utterance("t", "c", "u1", 0, Speaker.CUSTOMER, 0, 1000, "I want", is_final=False)
    assert [one.id for one in plan(policies, interim).nodes] == ["b"]


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (None, True),
        ({"i": "buy"}, True),
        ({"i": ["sell", "buy"]}, True),
        ({"i": {"any_of": ["buy"], "at_least": 0.95}}, False),
        ({"i": {"below": 0.95}}, True),
        ({"i": {"none_of": ["buy"]}}, False),
        ({"n": "none_of_these"}, True),
        ({"i": "buy", "b": "greeting"}, True),
        ({"any": [{"i": "sell"}, {"b": {"any_of": ["greeting"], "at_least": 0.7}}]}, True),
        ({"all": [{"i": "buy"}, {"not": {"b": "greeting"}}]}, False),
        ({"e": "money"}, True),
        ({"k": {"at_least": 0.5}}, False),
        ({"gone": "buy"}, None),
        ({"not": {"gone": "buy"}}, None),
        ({"any": [{"gone": "buy"}, {"i": "buy"}]}, True),
        ({"all": [{"gone": "buy"}, {"i": "sell"}]}, False),
    ],
)
def test_conditions_read_the_outputs_of_every_task(condition: Any, met: bool | None) -> None:
    outputs = {
        "i": {"label": "buy", "confidence": 0.9},
        "n": {"label": None, "confidence": 0.9},
        "b": {"behaviours": [{"label": "greeting", "confidence": 0.8}]},
        "e": {"entities": [{"type": "money", "text": "$5", "start": 0, "end": 2, "confidence": 0.9}]},
        "k": {"answers": [{"article": "a", "confidence": 0.4}]},
    }
    assert holds(condition, outputs) is met


def test_a_condition_reads_behaviours_of_a_shard_of_an_earlier_release() -> None:
    assert holds({"b": "greeting"}, {"b": {"said": [{"label": "greeting", "confidence": 0.8}]}})


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        ({"all": [{"i": "a"}, {"i": "b"}]}, False),
        ({"any": [{"i": "a"}, {"i": "b"}]}, True),
        ({"all": [{"many": "a"}, {"many": "b"}]}, True),
        ({"all": [{"i": {"at_least": 0.8}}, {"i": {"below": 0.5}}]}, False),
        ({"i": {"any_of": ["a"], "none_of": ["a"]}}, False),
        ({"i": {"at_least": 0.5, "below": 0.5}}, False),
    ],
)
def test_impossible_conditions_are_distinguished_from_possible_ones(condition: Any, possible: bool) -> None:
    assert (impossible(condition, {"i"}) is None) is possible


def test_a_circle_is_found_and_named() -> None:
    assert circle({"a": ["b"], "b": ["c"], "c": ["b"]}) == ("b", "c", "b")
    assert circle({"a": ["b", "c"], "b": ["c"], "c": []}) == ()


def test_slow_nodes_wait_until_nothing_quick_is_ready_and_each_is_delivered_alone() -> None:
    whole = graph(node("a"), node("reply", deadline_ms=3_000), node("answer", deadline_ms=3_000), node("b", "a"))
    assert fates(whole) == {"a": "runs"}
    assert fates(whole, said("a")) == {"b": "runs"}
    step = advance(whole, [said("a"), said("b")])
    assert [(call.node.id, call.alone) for call in step.next] == [("reply", True), ("answer", True)]


def test_what_waits_for_a_slow_node_runs_after_it() -> None:
    whole = graph(node("reply", deadline_ms=3_000), node("tone", "reply"), node("answer", deadline_ms=3_000))
    assert fates(whole, said("reply"), said("answer")) == {"tone": "runs"}


def test_a_call_can_be_made_again_from_the_results_of_its_run() -> None:
    whole = graph(node("a"), node("b", "a"))
    again = call_of(whole, "b", [said("a"), said("b")])
    assert again == advance(whole, [said("a")]).next[0]
    assert call_of(whole, "b", []) is None and call_of(whole, "c", [said("a")]) is None
