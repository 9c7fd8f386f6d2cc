"""Contract: whole graphs on guide_utterance.asl.json, run unchanged: conditions, slow nodes, versions in the shadow."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from functions.specs import everything
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import Resources
from sotto.graph.graph import Graph, advance, first_wave
from sotto.graph.node import LONGEST_DEADLINE_MS, SLOW_MS, Node, NodeCall, NodeResult
from tests.contract.test_step_functions import REPOSITORY, Stage

SAID = Utterance("t", "c", "u1", 1, Speaker.CUSTOMER, 0, 1000, "I want to close my account")
Answer = Callable[[dict[str, Any]], dict[str, Any]]
_graph, _calls, _results = TypeAdapter(Graph), TypeAdapter(tuple[NodeCall, ...]), TypeAdapter(tuple[NodeResult, ...])


class Guiding(Stage):
    """Delivery decides what comes next as the real one does; ``answers`` say what a node answers."""

    def __init__(self, aws: EmbeddedAws) -> None:
        super().__init__(aws)
        self.asked: list[str] = []
        self.compared: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self.answers: dict[str, Answer] = {}
        self.changed = threading.Condition()

    def route(self, event: dict[str, Any], _context: Any) -> dict[str, Any]:
        if "compare" in event:
            self.compared.append(event["compare"])
            self.ended.set()
            raise ConnectionError("nobody cares")
        name = event["node"]["id"]
        self.asked.append(name)
        answer = self.answers[name](event) if name in self.answers else {"output": {"label": name, "confidence": 0.9}}
        return {"node_id": name, "task": event["node"]["task"], "status": "ok", **answer}

    def deliver(self, event: dict[str, Any], _context: Any) -> dict[str, Any]:
        step = advance(_graph.validate_python(event["graph"]), _results.validate_python(event["results"]))
        with self.changed:
            self.delivered.append(event)
            self.changed.notify_all()
        if step.done:
            self.done.set()
        return {"next_wave": _calls.dump_python(step.next, mode="json")}

    def delivered_nodes(self) -> list[list[str]]:
        return [[result["node_id"] for result in event["results"]] for event in self.delivered]

    def wait_for(self, *names: str) -> bool:
        """Until a delivery holds exactly these results."""
        with self.changed:
            return self.changed.wait_for(lambda: list(names) in self.delivered_nodes(), 20)

    def run(self, *nodes: Node) -> None:
        names = {"RouteInferenceArn": "route", "DeliverAnnotationsArn": "deliver"}
        machine = next(each for each in everything().state_machines if each.name == "guide_utterance")
        specs = (FunctionSpec("route", "none", 20), FunctionSpec("deliver", "none", 5))
        machines = (type(machine)(machine.name, machine.definition, names),)
        arns = create(Resources(functions=specs, state_machines=machines), self.aws.functions, self.client, REPOSITORY)
        self.aws.functions.register(specs[0], self.route)
        self.aws.functions.register(specs[1], self.deliver)
        graph = Graph(SAID, nodes)
        given = {
            "tenant": "t",
            "contact_id": "c",
            "graph": _graph.dump_python(graph, mode="json"),
            "wave": _calls.dump_python(first_wave(graph), mode="json"),
        }
        self.client("stepfunctions").start_execution(
            stateMachineArn=arns["guide_utterance"], name="utterance-1", input=json.dumps(given)
        )


@pytest.fixture
def guiding() -> Iterator[Guiding]:
    with EmbeddedAws() as aws:
        yield Guiding(aws)


def node(name: str, *after: str, deadline_ms: int = 400, only_if: Any = None) -> Node:
    return Node(name, "intent", name, after, only_if, deadline_ms)


def test_a_node_whose_condition_is_false_is_not_asked_nor_what_waits_for_it(guiding: Guiding) -> None:
    unmet = node("knowledge", "intent", only_if={"intent": "fee_question"})
    guiding.run(node("intent"), unmet, node("reply", "knowledge"), node("other", "intent"))
    assert guiding.done.wait(20)
    assert guiding.asked == ["intent", "other"]
    assert guiding.delivered_nodes() == [["intent"], ["intent", "other"]]


def test_a_node_whose_condition_is_met_gets_what_it_looked_at(guiding: Guiding) -> None:
    inputs: list[Any] = []

    def look_up(event: dict[str, Any]) -> dict[str, Any]:
        inputs.append(event["inputs"])
        return {}

    guiding.answers["knowledge"] = look_up
    guiding.run(node("intent"), node("knowledge", "intent", only_if={"intent": {"any_of": ["intent"]}}))
    assert guiding.done.wait(20)
    assert inputs == [{"intent": {"label": "intent", "confidence": 0.9}}]


def test_a_slow_text_holds_up_neither_quick_nodes_nor_another_text(guiding: Guiding) -> None:
    """The reply is not written before all else has been delivered: a machine that waited for it would never end."""
    rest_is_there = threading.Event()

    def write(_event: dict[str, Any]) -> dict[str, Any]:
        assert rest_is_there.wait(20)
        return {}

    guiding.answers["reply"] = write
    quick = [node("intent"), node("knowledge", "intent"), node("entities", "knowledge")]
    slow = [node("reply", "knowledge", deadline_ms=8_000), node("answer", "knowledge", deadline_ms=8_000)]
    guiding.run(*quick, *slow)
    assert guiding.wait_for("intent", "knowledge", "entities")
    assert guiding.wait_for("intent", "knowledge", "entities", "answer")
    assert not guiding.done.is_set()
    rest_is_there.set()
    assert guiding.done.wait(20)
    assert guiding.delivered_nodes()[-1] == ["intent", "knowledge", "entities", "reply", "answer"]


def test_the_machine_waits_longer_than_any_deadline_that_a_node_may_have() -> None:
    states = json.loads((REPOSITORY / everything().state_machines[0].definition).read_text())["States"]
    for wave, task, longest_ms in (
        ("RunWave", "RunNode", SLOW_MS),
        ("RunSlowWave", "RunSlowNode", LONGEST_DEADLINE_MS),
    ):
        assert states[wave]["ItemProcessor"]["States"][task]["TimeoutSeconds"] * 1_000 > longest_ms + 1_000
    (function,) = (spec for spec in everything().functions if spec.name == "route_inference")
    assert function.timeout_s * 1_000 > LONGEST_DEADLINE_MS


def test_a_first_wave_may_be_slow_or_empty(guiding: Guiding) -> None:
    guiding.run(node("reply", deadline_ms=8_000), node("answer", deadline_ms=8_000))
    assert guiding.done.wait(20)
    assert sorted(guiding.delivered_nodes()[:2]) == [["answer"], ["reply"]]
    guiding.done.clear()
    guiding.delivered.clear()
    guiding.run()
    assert guiding.done.wait(20) and guiding.delivered_nodes() == [[]]


def test_versions_in_the_shadow_are_asked_after_all_guidance_was_given(guiding: Guiding) -> None:
    guiding.answers["intent"] = lambda event: {"output": {"label": "buy", "confidence": 0.7}, "shadow": "v3"}
    guiding.run(node("intent"), node("sentiment"), node("knowledge", "intent"))
    assert guiding.ended.wait(20)
    assert len(guiding.delivered) == 2
    (compared,) = guiding.compared
    assert [(each["node_id"], each.get("shadow", "")) for each in compared["results"]] == [
        ("intent", "v3"), ("sentiment", ""), ("knowledge", ""),
    ]  # fmt: skip
    assert compared["graph"]["utterance"]["text"] == SAID.text


def test_without_a_shadow_nobody_is_asked_again(guiding: Guiding) -> None:
    guiding.run(node("intent"))
    assert guiding.done.wait(20)
    assert not guiding.compared
