"""Small calls for tests of the playbook engine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.contact import Channel, Speaker
from sotto.call.live import CallTime
from sotto.call.utterance import PrivateSpan, Utterance
from sotto.graph.node import NodeResult, NodeStatus
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.conversation import ConversationState, state_from_json, state_to_json
from sotto.guidance.evaluate import evaluate
from sotto.guidance.rules import Rules, rules_of
from sotto.tenants.guidance_settings import GuidanceSettings
from sotto.wiring.publishing import book_from
from tests.unit.tenants.tenant_files import TENANT, write_tenant

HEAD = "version: 1\nbehaviours:\n  greeting: {phrases: [hello, good day]}\nsets:\n  basics:\n"
MODELS = (
    TENANT + "  behaviours: {task: behaviours, package: corner/behaviours}\n  entities: {task: entities, package: e}\n"
)


AT_ONCE = GuidanceSettings(pause_ms=0)


def rules_for(
    folder: Path, *lines: str, guidance: GuidanceSettings = AT_ONCE, channel: Channel = Channel.VOICE
) -> Rules:
    """The rules of a playbook set, written as lines of YAML from 'moments:' on. Cards wait for nothing, but for what
    ``guidance`` says."""
    text = HEAD + "".join(f"    {line}\n" for line in "\n".join(lines).splitlines())
    book = book_from(write_tenant(folder, tenant=MODELS, playbook=text))
    return rules_of(book.playbook, ["basics"], policy="p@1", version=book.version, guidance=guidance, channel=channel)


def moment(condition: str, more: str = "") -> str:
    return f"moments:\n  m:\n    when: {condition}\n{more}"


def says(
    text: str,
    at_s: float,
    *,
    by: str = "customer",
    lasts_s: float = 2.0,
    results: Iterable[NodeResult] = (),
    seq: int = 0,
    final: bool = True,
    private: tuple[PrivateSpan, ...] = (),
) -> UtteranceResults:
    """Somebody says something that ends at ``at_s``."""
    end_ms, start_ms = round(at_s * 1000), round((at_s - lasts_s) * 1000)
    name = f"{by}-{start_ms}"
    utterance = Utterance("t", "c", name, seq, Speaker(by), start_ms, end_ms, text, final, private=private)
    return UtteranceResults(utterance, tuple(results))


def found(task: str, label: str, confidence: float = 0.9) -> NodeResult:
    """What a model of this task says."""
    outputs: dict[str, dict[str, Any]] = {
        "behaviours": {"behaviours": [{"label": label, "confidence": confidence}]},
        "entities": {"entities": [{"type": label, "text": "x", "start": 3, "end": 8, "confidence": confidence}]},
    }
    output = outputs.get(task, {"label": label, "confidence": confidence})
    return NodeResult(task, task, NodeStatus.OK, output, {"model": f"{task}/1", "adapter": "mine"})


def tick(at_s: float, **more: int) -> CallTime:
    return CallTime(round(at_s * 1000), **more)


def play(rules: Rules, *events: CallEvent) -> tuple[ConversationState, list[Annotation]]:
    """Every event in turn; the state travels as JSON between them, as it does in production."""
    state, annotations = ConversationState("t", "c"), []
    for event in events:
        considered = evaluate(state, event, rules)
        annotations += considered.annotations
        state = state_from_json(state_to_json(considered.state))
        assert state == considered.state
    return state, annotations


def times(annotations: list[Annotation], name: str = "m") -> list[int]:
    return [one.at_ms for one in annotations if one.name == name and one.kind is AnnotationKind.MOMENT]
