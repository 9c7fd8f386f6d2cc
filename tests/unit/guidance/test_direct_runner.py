"""Unit: what the direct runner asks when, and what it leaves to the machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from sotto.aws.table import StorageUnavailable
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.observation import unobserved
from sotto.graph.compiled_policies import Runner
from sotto.graph.graph import Graph, first_wave
from sotto.graph.node import Node, NodeCall, NodeResult, NodeStatus
from sotto.guidance.direct_runner import DirectPorts, DirectRunner
from sotto.inference.comparison import Comparison
from sotto.inference.orchestrate import GuidanceRun
from tests.fakes.conversations import ConversationsInMemory
from tests.unit.guidance.test_delivering import BOOK, COMPILED, Desk

SPOKEN = Utterance(BOOK.tenant, "c1", "customer-1", 1, Speaker.CUSTOMER, 0, 2_000, "I want to close my account")
INTERIM = replace(SPOKEN, seq=0, end_ms=1_000, is_final=False)
INTENT, SENTIMENT = Node("intent", "intent", "intent"), Node("sentiment", "sentiment", "sentiment")
KNOWLEDGE = Node("knowledge", "knowledge", "knowledge", ("intent",))
REPLY = Node("reply", "reply", "reply", ("intent",))


@dataclass
class Models:
    """``before``: called with each wave before it is answered."""

    before: Callable[[list[str]], object] = lambda wave: None
    waves: list[list[str]] = field(default_factory=list)
    shadow_of: str = ""
    compared: list[str] = field(default_factory=list)

    def route(self, call: NodeCall) -> NodeResult:
        output = {"label": "close_account", "confidence": 0.9, "scores": {}}
        shadow = "v9" if call.node.id == self.shadow_of else ""
        return NodeResult(call.node.id, call.node.task, NodeStatus.OK, output, shadow=shadow)

    def route_all(self, calls: Sequence[NodeCall]) -> Sequence[NodeResult]:
        wave = [call.node.id for call in calls]
        self.waves.append(wave)
        self.before(wave)
        return [self.route(call) for call in calls]

    def shadow(self, call: NodeCall, version: str, *, timeout_ms: float) -> NodeResult:
        return self.route(call)

    def store(self, comparison: Comparison) -> None:
        self.compared.append(comparison.model)


@dataclass
class Machine:
    started: list[GuidanceRun] = field(default_factory=list)

    def start(self, name: str, run: GuidanceRun) -> None:
        self.started.append(run)


def guide(
    desk: Desk, models: Models, *nodes: Node, utterance: Utterance = SPOKEN, longest_wave_s: float = 20
) -> Machine:
    machine, graph = Machine(), Graph(utterance, nodes)
    ports = DirectPorts(models, desk.ports, machine, models, unobserved, desk.ports.clock)
    run = GuidanceRun(BOOK.tenant, "c1", graph, COMPILED, first_wave(graph), {"received": 1_794_999_999_900})
    DirectRunner(ports, longest_wave_s=longest_wave_s).start("round", run)
    return machine


def names(desk: Desk) -> set[str]:
    return {each.name for each in desk.conversations.all_annotations}


def test_a_quick_graph_is_asked_wave_by_wave_and_nothing_is_handed_over() -> None:
    desk, models = Desk(), Models()
    machine = guide(desk, models, INTENT, SENTIMENT, KNOWLEDGE)
    assert models.waves == [["intent", "sentiment"], ["knowledge"]]
    assert not machine.started
    assert {each.runner for each in desk.conversations.all_annotations} == {Runner.DIRECT}


def test_a_graph_without_nodes_gives_the_playbook_its_words() -> None:
    desk, models = Desk(), Models()
    guide(desk, models)
    assert not models.waves
    assert "wants_to_leave" in names(desk)


def test_the_next_wave_is_asked_while_this_one_is_stored() -> None:
    asked = threading.Event()
    desk = Desk()
    desk.conversations.meanwhile = [lambda: asked.wait(20)]
    models = Models(before=lambda wave: asked.set() if wave == ["knowledge"] else None)
    guide(desk, models, INTENT, KNOWLEDGE)
    assert asked.is_set()


@pytest.mark.parametrize("later", [REPLY, replace(KNOWLEDGE, deadline_ms=8_000)], ids=["written", "slow"])
def test_what_is_written_or_slow_goes_to_the_machine_with_the_results_so_far(later: Node) -> None:
    desk, models = Desk(), Models()
    (rest,) = guide(desk, models, INTENT, later).started
    assert [call.node.id for call in rest.wave] == [later.id]
    assert [result.node_id for result in rest.results] == ["intent"]
    assert rest.runner is Runner.STEP_FUNCTIONS
    assert "wants_to_leave" in names(desk)


def test_a_graph_that_begins_slowly_is_the_machines_from_the_start() -> None:
    desk, models = Desk(), Models()
    (rest,) = guide(desk, models, replace(INTENT, deadline_ms=8_000)).started
    assert not models.waves and not rest.results and not names(desk)


def test_a_router_that_hangs_is_left_behind_and_the_machine_asks_again() -> None:
    over = threading.Event()
    desk, models = Desk(), Models(before=lambda wave: over.wait(20))
    (rest,) = guide(desk, models, INTENT, longest_wave_s=0.01).started
    over.set()
    assert [call.node.id for call in rest.wave] == ["intent"]


def test_guidance_that_cannot_be_stored_is_delivered_by_the_machine() -> None:
    class Throttled(ConversationsInMemory):
        def save(self, *_: object, **__: object) -> None:
            raise StorageUnavailable("ThrottlingException")

    desk = Desk(conversations=Throttled())
    (rest,) = guide(desk, Models(), INTENT, KNOWLEDGE).started
    assert [result.node_id for result in rest.results] == ["intent"]
    assert [call.node.id for call in rest.wave] == ["knowledge"]
    assert not desk.channel.messages


def test_what_others_wrote_while_the_models_were_asked_counts() -> None:
    desk = Desk()
    other = replace(SPOKEN, id="customer-2", seq=2, start_ms=3_000, end_ms=4_000, text="Can you give me a refund")

    def meanwhile(wave: list[str]) -> None:
        guide(desk, Models(), utterance=other)

    guide(desk, Models(before=meanwhile), INTENT)
    seqs = [each.seq for each in desk.conversations.all_annotations]
    assert sorted(seqs) == list(range(1, len(seqs) + 1))
    state = desk.conversations.states[next(iter(desk.conversations.states))].state
    assert {turn.utterance_id for turn in state.turns} == {"customer-1", "customer-2"}


def test_an_interim_that_its_final_overtakes_shows_nothing_and_asks_nothing_more() -> None:
    desk = Desk()
    models = Models()
    models.before = lambda wave: guide(desk, Models(), INTENT)
    guide(desk, models, INTENT, KNOWLEDGE, utterance=INTERIM)
    shown = list(desk.conversations.all_annotations)
    assert models.waves == [["intent"]]
    assert all(each.at_ms == SPOKEN.end_ms for each in shown)


def test_versions_in_the_shadow_are_asked_when_all_guidance_was_given() -> None:
    desk = Desk()
    models = Models(shadow_of="intent")
    guide(desk, models, INTENT, KNOWLEDGE)
    assert models.compared == ["intent"]
