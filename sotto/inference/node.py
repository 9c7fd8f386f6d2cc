"""The wire shapes between graph, router and delivery. They travel as JSON through Step Functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sotto.speech.utterance import Utterance

Output = Mapping[str, Any]
"""A model's answer. Shapes by task:

intent, sentiment:  {"label": str | None, "confidence": float, "scores": {label: float}}   (None: none of these)
behaviours:         {"said": [{"label": str, "confidence": float}]}
entities:           {"entities": [{"type": str, "text": str, "start": int, "end": int, "confidence": float}]}
knowledge:          {"answers": [{"text", "article", "title", "start", "end", "confidence"}]}  best first
answer, reply:      the same with one answer, written by a model, and in it
                    "citations": [{"article", "title", "quote"}]; a reply has what the agent could say as "reply",
                    and what it rests on as "text"
"""

ANSWERING = ("knowledge", "answer", "reply")
"""Tasks whose outputs an action can show."""


@dataclass(frozen=True, slots=True)
class Node:
    """One model that an utterance needs. ``only_if`` is a condition on earlier outputs (sotto.inference.condition).

    ``even_without``: run it although a node in ``after`` gave no output.
    """

    id: str
    task: str
    model: str
    after: tuple[str, ...] = ()
    only_if: Mapping[str, Any] | None = None
    deadline_ms: int = 400
    policy: str = ""
    even_without: bool = False


class NodeStatus(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class NodeCall:
    """What ``route_inference`` is asked: one node, on one utterance, with the outputs it depends on."""

    node: Node
    utterance: Utterance
    inputs: Mapping[str, Output] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of a node. ``served_by`` names model version, adapter, endpoint; ``took_ms`` splits the time."""

    node_id: str
    task: str
    status: NodeStatus
    output: Output = field(default_factory=dict)
    served_by: Mapping[str, str] = field(default_factory=dict)
    took_ms: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""
