"""Contract: whatever the graph and whatever fails, the direct runner gives the annotations that the machine gives.

The machine is the deployed definition; nodes, delays and troubles are drawn. A delay is an order: which of the slow
nodes that run together answers first.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from functions.specs import everything
from local.aws import step_functions
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from sotto.aws.table import StorageUnavailable
from sotto.call.annotation import Annotation
from sotto.call.contact import Contact, Speaker
from sotto.call.live import read_as
from sotto.call.utterance import Utterance
from sotto.core.function_spec import FunctionSpec
from sotto.core.observation import unobserved
from sotto.core.resources import GUIDE_UTTERANCE, Resources
from sotto.core.validation import silent
from sotto.graph.compiled_policies import Runner
from sotto.graph.graph import Graph, first_wave
from sotto.graph.node import Node, NodeCall, NodeResult, NodeStatus
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import DELIVERY, NEXT_WAVE, Conversation, ConversationBusy, DeliverPorts, WaveDone, deliver
from sotto.guidance.direct_runner import DirectPorts, DirectRunner
from sotto.inference.adapters.step_functions import StepFunctionsRunner
from sotto.inference.answer_node import answer_node
from sotto.inference.comparison import COMPARE, Comparison, compare_shadows
from sotto.inference.orchestrate import GraphRunner, GuidanceRun
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.tenants.compile import PolicyCache, compile_policies
from sotto.wiring.publishing import book_from
from tests.fakes.books import BooksInMemory
from tests.fakes.channel import ChannelInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.conversations import ConversationsInMemory

REPOSITORY = Path(__file__).resolve().parents[2]
BOOK = book_from(REPOSITORY / "tenants" / "harbour_bank")
NOW_MS = 1_795_000_000_000.0
_call, _result = silent(NodeCall), silent(NodeResult)

LABELS: dict[str, tuple[str, ...]] = {
    "intent": ("close_account", "fee_refund", "fraud_report", "card_lost_or_stolen", "speak_to_manager"),
    "sentiment": ("negative", "positive", "neutral"),
    "behaviours": ("greeting", "empathy", "recap", "fraud_warning"),
}
WORDS = (
    "I want to close my account", "give me a refund for that fee", "somebody stole my card", "thank you",
    "let me speak to a manager", "how high are your fees",
)  # fmt: skip
CONFIDENCES = (0.3, 0.55, 0.7, 0.97)


@dataclass(frozen=True)
class Answer:
    """What the router does with a node. ``raises``: a defect of its own."""

    status: NodeStatus = NodeStatus.OK
    output: dict[str, Any] = field(default_factory=dict)
    raises: bool = False
    shadow: str = ""


@dataclass(frozen=True)
class Spoken:
    utterance: Utterance
    nodes: tuple[Node, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    slowest_last: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """``troubles``: what becomes of the first saves."""

    rounds: tuple[Spoken, ...]
    troubles: tuple[str, ...] = ()


# --- drawing ---------------------------------------------------------------------------------------------------------


def output_of(draw: st.DrawFn, task: str) -> dict[str, Any]:
    confidence = draw(st.sampled_from(CONFIDENCES))
    if task in ("intent", "sentiment"):
        return {"label": draw(st.sampled_from(LABELS[task])), "confidence": confidence, "scores": {}}
    if task == "behaviours":
        found = draw(st.lists(st.sampled_from(LABELS[task]), max_size=2, unique=True))
        return {"behaviours": [{"label": label, "confidence": confidence} for label in found]}
    if task == "entities":
        return {"entities": [{"type": "amount", "text": "a", "start": 0, "end": 1, "confidence": confidence}]}
    article = draw(st.sampled_from(("fees", "cards")))
    return {
        "answers": [
            {"text": "So it is.", "article": article, "title": article, "start": 0, "end": 4, "confidence": confidence}
        ]
    }


@st.composite
def answers(draw: st.DrawFn, task: str) -> Answer:
    fate = draw(st.sampled_from(("ok", "ok", "ok", "ok", "fallback", "late", "failed", "raises", "shadowed")))
    match fate:
        case "late":
            return Answer(NodeStatus.DEGRADED)
        case "failed":
            return Answer(NodeStatus.FAILED)
        case "raises":
            return Answer(raises=True)
        case "fallback":
            return Answer(NodeStatus.DEGRADED, output_of(draw, task))
        case "shadowed":
            return Answer(NodeStatus.OK, output_of(draw, task), shadow="v9")
    return Answer(NodeStatus.OK, output_of(draw, task))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[tuple[Node, ...], dict[str, Answer], tuple[str, ...]]:
    tasks = draw(
        st.lists(
            st.sampled_from(("intent", "sentiment", "behaviours", "entities", "knowledge", "reply", "answer")),
            max_size=5,
            unique=True,
        )
    )
    nodes: list[Node] = []
    for task in tasks:
        before = [node.id for node in nodes]
        after = tuple(draw(st.lists(st.sampled_from(before), max_size=2, unique=True))) if before else ()
        only_if = None
        if "intent" in before and draw(st.booleans()):
            only_if = {"intent": {"any_of": ["close_account", "fee_refund"], "at_least": 0.5}}
        deadline_ms = draw(st.sampled_from((400, 400, 400, 8_000)))
        even_without = draw(st.booleans())
        nodes.append(Node(task, task, task, after, only_if, deadline_ms, even_without=even_without))
    chosen = {node.id: draw(answers(node.task)) for node in nodes}
    return tuple(nodes), chosen, tuple(draw(st.permutations([node.id for node in nodes])))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rounds: list[Spoken] = []
    for seq in range(1, draw(st.integers(1, 3)) + 1):
        speaker = draw(st.sampled_from((Speaker.CUSTOMER, Speaker.AGENT)))
        start_ms = seq * 9_000
        final = Utterance(
            BOOK.tenant, "", f"{speaker}-{start_ms}", seq, speaker, start_ms, start_ms + 2_000,
            draw(st.sampled_from(WORDS)),
        )  # fmt: skip
        interim = replace(final, seq=0, end_ms=start_ms + 1_000, is_final=False)
        for utterance, drawn in ((interim, st.booleans()), (final, st.just(True)), (interim, st.booleans())):
            if draw(drawn):
                rounds.append(Spoken(utterance, *draw(graphs())))
    troubles = draw(st.lists(st.sampled_from(("", "busy", "unavailable")), max_size=3))
    return Plan(tuple(rounds), tuple(troubles) if draw(st.integers(0, 2)) == 0 else ())


# --- playing ---------------------------------------------------------------------------------------------------------


class TroubledConversations(ConversationsInMemory):
    def __init__(self, troubles: Sequence[str]) -> None:
        super().__init__()
        self._troubles = list(troubles)
        self._one_at_a_time = threading.Lock()

    def save(self, *given: Any, **named: Any) -> None:
        with self._one_at_a_time:
            trouble = self._troubles.pop(0) if self._troubles else ""
            if trouble == "busy":
                raise ConversationBusy("somebody else was first")
            if trouble == "unavailable":
                raise StorageUnavailable("ThrottlingException")
            super().save(*given, **named)


class Side:
    """One conversation, guided by one of the runners."""

    def __init__(self, plan: Plan, machine: GraphRunner) -> None:
        self._machine = machine
        self.contact = Contact(BOOK.tenant, str(uuid.uuid4()), "", "", 0, team="service", agent="emma")
        self.policies = compile_policies(BOOK, self.contact, at_ms=NOW_MS)
        self.conversations = TroubledConversations(plan.troubles)
        self.channel = ChannelInMemory()
        self.compared: list[Comparison] = []
        self.asked: list[str] = []
        self.spoken = plan.rounds[0]
        self._wave: frozenset[str] = frozenset()
        self._delivered = threading.Condition()
        self._known: set[str] = set()
        failed: list[str] = []
        self.ports = DeliverPorts(
            ContactsInMemory(self.contact), BooksInMemory(BOOK), PolicyCache(), self.conversations,
            PanelPublisher(self.channel, failed.append), ClockByHand(NOW_MS),
        )  # fmt: skip

    def run(self, spoken: Spoken) -> GuidanceRun:
        self.spoken, self._known = spoken, set()
        utterance = replace(spoken.utterance, contact_id=self.contact.contact_id)
        graph = Graph(utterance, spoken.nodes)
        stamps = {"received": NOW_MS - 100}
        return GuidanceRun(BOOK.tenant, utterance.contact_id, graph, self.policies, first_wave(graph), stamps)

    def start(self, name: str, run: GuidanceRun) -> None:
        """As the machine's runner."""
        self._begin(run.wave)
        self._machine.start(name, run)

    def _begin(self, wave: Sequence[NodeCall]) -> None:
        self._wave = frozenset(call.node.id for call in wave if call.alone) or self._wave

    def deliver(self, event: WaveDone) -> tuple[NodeCall, ...]:
        wave = deliver(event, self.ports)
        with self._delivered:
            self._known |= {result.node_id for result in event.results}
            self._begin(wave)
            self._delivered.notify_all()
        return wave

    def route(self, call: NodeCall) -> NodeResult:
        self.asked.append(f"{self.spoken.utterance.id} {call.node.id}")
        if call.alone:
            self._wait_for_turn(call.node.id)
        answer = self.spoken.answers[call.node.id]
        if answer.raises:
            raise ValueError("nobody may read this")
        reason = "" if answer.status is NodeStatus.OK else "ModelLate"
        served_by = {"model": call.node.model, "version": "v1"} if answer.output else {}
        output = answer.output
        return NodeResult(call.node.id, call.node.task, answer.status, output, served_by, {}, reason, answer.shadow)

    def _wait_for_turn(self, name: str) -> None:
        """Until those slow nodes beside it that are quicker have been delivered, or have nothing to deliver."""
        order = self.spoken.slowest_last
        with self._delivered:
            quicker = [
                each
                for each in order[: order.index(name)]
                if each in self._wave and not self.spoken.answers[each].raises
            ]
            assert self._delivered.wait_for(lambda: self._known.issuperset(quicker), 20)

    def route_all(self, calls: Sequence[NodeCall]) -> Sequence[NodeResult]:
        return [self._routed(call) for call in calls]

    def _routed(self, call: NodeCall) -> NodeResult:
        try:
            return self.route(call)
        except ValueError as error:
            return NodeResult(call.node.id, call.node.task, NodeStatus.FAILED, reason=type(error).__name__)

    def shadow(self, call: NodeCall, version: str, *, timeout_ms: float) -> NodeResult:
        return replace(self.route(replace(call, alone=False)), served_by={"version": version})

    def store(self, comparison: Comparison) -> None:
        self.compared.append(comparison)

    def outcome(self) -> tuple[list[Annotation], ConversationState | None, list[str]]:
        """Without what names the side: its contact, and who ran it."""
        ids = {self.contact.contact_id: "c"}
        stored: Conversation | None = self.conversations.conversation(BOOK.tenant, self.contact.contact_id)
        annotations = [
            replace(each, contact_id=ids[each.contact_id], id="", runner="", show=without_ids(each.show))
            for each in self.conversations.all_annotations
        ]
        state = stored.state if stored else None
        if state is not None:
            opened = tuple(replace(each, id="") for each in state.open_actions)
            state = replace(state, contact_id="c", emitted=(), open_actions=opened)
        return annotations, state, sorted(each.model for each in self.compared)


def without_ids(show: Any) -> Any:
    """The id of what is withdrawn is made from the contact's."""
    return {name: value for name, value in show.items() if name != "withdraws"}


class Stage:
    """The machine, and whichever conversation it is about."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.sides: dict[str, Side] = {}
        arns = create(self._resources(), aws.functions, aws.engineer, REPOSITORY)
        aws.functions.register(FunctionSpec("route_inference", "none", 20), self._route)
        aws.functions.register(FunctionSpec("deliver_annotations", "none", 20), self._deliver)
        self.machine = StepFunctionsRunner(aws.engineer("stepfunctions"), arns[GUIDE_UTTERANCE.name])

    @staticmethod
    def _resources() -> Resources:
        machine = next(each for each in everything().state_machines if each.name == "guide_utterance")
        specs = (FunctionSpec("route_inference", "none", 20), FunctionSpec("deliver_annotations", "none", 20))
        return Resources(functions=specs, state_machines=(machine,))

    def _route(self, event: dict[str, Any], _context: Any) -> Any:
        if "compare" in event:
            asked = read_as(COMPARE, event["compare"])
            side = self.sides[asked.graph.utterance.contact_id]
            compare_shadows(asked, side, side, side.ports.clock)
            return {}
        call = read_as(_call, event)
        side = self.sides[call.utterance.contact_id]
        return _result.dump_python(answer_node(call, side, unobserved), mode="json")

    def _deliver(self, event: dict[str, Any], _context: Any) -> Any:
        done = read_as(DELIVERY, event)
        assert isinstance(done, WaveDone)
        return {"next_wave": NEXT_WAVE.dump_python(self.sides[done.contact_id].deliver(done), mode="json")}

    def play(self, plan: Plan, runner: Runner) -> Side:
        side = Side(plan, self.machine)
        self.sides = {side.contact.contact_id: side}
        direct = DirectRunner(DirectPorts(side, side.ports, side, side, unobserved, side.ports.clock))
        for spoken in plan.rounds:
            (direct if runner is Runner.DIRECT else side).start("round", replace(side.run(spoken), runner=runner))
            self._wait_until_idle()
        return side

    @staticmethod
    def _wait_until_idle() -> None:
        pause = threading.Event()
        while step_functions.running():
            pause.wait(0.002)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with EmbeddedAws() as aws:
        yield Stage(aws)


def held_back(plan: Plan) -> set[str]:
    """By nothing but a condition."""
    return {
        f"{spoken.utterance.id} {node.id}"
        for spoken in plan.rounds
        for node in spoken.nodes
        if node.only_if and not node.after
    }


@settings(
    max_examples=100,
    deadline=None,
    phases=(
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ),  # an example runs on the real machine: shrinking takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
@given(plan=plans())
def test_both_runners_give_the_same_annotations(stage: Stage, plan: Plan) -> None:
    direct, machine = stage.play(plan, Runner.DIRECT), stage.play(plan, Runner.STEP_FUNCTIONS)
    assert direct.outcome() == machine.outcome()
    if "unavailable" not in plan.troubles:  # else the machine asks again what it is handed over
        direct_asked, machine_asked = Counter(direct.asked), Counter(machine.asked)
        assert not machine_asked - direct_asked
        assert set(direct_asked - machine_asked) <= held_back(plan), "beside the wave that decides a condition"


def test_guidance_that_cannot_be_stored_at_first_is_given_all_the_same(stage: Stage) -> None:
    utterance = Utterance(BOOK.tenant, "", "customer-1", 1, Speaker.CUSTOMER, 0, 2_000, WORDS[0])
    nodes, answers = (Node("intent", "intent", "intent"),), {"intent": Answer()}
    for trouble in ("busy", "unavailable"):
        plan = Plan((Spoken(utterance, nodes, answers, ("intent",)),), (trouble,))
        direct, machine = stage.play(plan, Runner.DIRECT), stage.play(plan, Runner.STEP_FUNCTIONS)
        assert direct.outcome() == machine.outcome()
        assert direct.conversations.saves == 1


def test_who_ran_a_graph_stands_in_its_annotations(stage: Stage) -> None:
    utterance = Utterance(BOOK.tenant, "", "customer-1", 1, Speaker.CUSTOMER, 0, 2_000, WORDS[0])
    plan = Plan((Spoken(utterance),))
    for runner in Runner:
        kept = stage.play(plan, runner).conversations.all_annotations
        assert {each.runner for each in kept} == {runner.value}


def test_what_is_slow_is_handed_over_with_the_results_that_there_are(stage: Stage) -> None:
    utterance = Utterance(BOOK.tenant, "", "customer-1", 1, Speaker.CUSTOMER, 0, 2_000, "Hello.")
    confident = {"label": "new_account", "confidence": 0.97, "scores": {}}
    answer = {"text": "So.", "article": "fees", "title": "Fees", "start": 0, "end": 2, "confidence": 0.9}
    nodes = (Node("intent", "intent", "intent"), Node("knowledge", "knowledge", "knowledge", ("intent",), None, 8_000))
    answers = {"intent": Answer(output=confident), "knowledge": Answer(output={"answers": [answer]})}
    side = stage.play(Plan((Spoken(utterance, nodes, answers, ("intent", "knowledge")),)), Runner.DIRECT)
    by = {each.name: each.runner for each in side.conversations.all_annotations}
    assert by == {"knowledge_answer": Runner.STEP_FUNCTIONS}
