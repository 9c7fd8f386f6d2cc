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
    """``before``: called with each wave before it is answered. ``late_beside``: who is late where others are asked."""

    before: Callable[[list[str]], object] = lambda wave: None
    waves: list[list[str]] = field(default_factory=list)
    shadow_of: str = ""
    compared: list[str] = field(default_factory=list)
    late_beside: str = ""
    deadlines: dict[str, list[int]] = field(default_factory=dict)

    def route(self, call: NodeCall) -> NodeResult:
        output = {"label": "close_account", "confidence": 0.9, "scores": {}}
        shadow = "v9" if call.node.id == self.shadow_of else ""
        return NodeResult(call.node.id, call.node.task, NodeStatus.OK, output, shadow=shadow)

    def route_all(self, calls: Sequence[NodeCall]) -> Sequence[NodeResult]:
        wave = [call.node.id for call in calls]
        self.waves.append(wave)
        self.before(wave)
        for call in calls:
            self.deadlines.setdefault(call.node.id, []).append(call.node.deadline_ms)
        results = [self.route(call) for call in calls]
        is_late = self.late_beside in wave[1:]
        return [
            replace(each, status=NodeStatus.DEGRADED, output={}, reason="late")
            if is_late and each.node_id == self.late_beside
            else each
            for each in results
        ]

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


IF_LEAVING = {"intent": {"any_of": ["close_account"], "at_least": 0.5}}
IF_CONTENT = {"intent": {"any_of": ["fee_refund"], "at_least": 0.5}}
ARTICLE = Node("knowledge", "knowledge", "knowledge", only_if=IF_LEAVING)


def test_what_only_a_condition_holds_back_is_asked_beside_the_wave_that_decides_it() -> None:
    desk, models = Desk(), Models()
    machine = guide(desk, models, INTENT, SENTIMENT, ARTICLE)
    assert models.waves == [["intent", "sentiment", "knowledge"]]
    assert not machine.started


def test_its_answer_counts_for_nothing_where_the_condition_is_false() -> None:
    desk, models = Desk(), Models(shadow_of="knowledge")
    guide(desk, models, INTENT, replace(ARTICLE, only_if=IF_CONTENT))
    assert models.waves == [["intent", "knowledge"]]
    assert models.compared == []


def test_an_answer_that_came_too_late_beside_a_wave_is_asked_for_again_with_the_models_own_time() -> None:
    desk, models = Desk(), Models(late_beside="knowledge")
    guide(desk, models, replace(INTENT, deadline_ms=100), ARTICLE)
    assert models.waves == [["intent", "knowledge"], ["knowledge"]]
    assert models.deadlines["knowledge"] == [100, 400]


def test_who_wants_the_outputs_of_a_wave_waits_for_it() -> None:
    desk, models = Desk(), Models()
    guide(desk, models, INTENT, replace(ARTICLE, after=("intent",)))
    assert models.waves == [["intent"], ["knowledge"]]
