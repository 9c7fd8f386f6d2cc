"""The wire shapes between graph, router and delivery. They travel as JSON through Step Functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from sotto.call.utterance import Utterance

LONGEST_DEADLINE_MS = 8_000
"""Of a node. ``route_inference`` itself ends after 10 s, and later guidance helps nobody."""
SLOW_MS = 1_000
"""A node that may take longer than this is slow: no other waits for it."""

Output = Mapping[str, Any]
"""A model's answer. Shapes by task:

intent, sentiment:  {"label": str | None, "confidence": float, "scores": {label: float}}   (None: none of these)
behaviours:         {"behaviours": [{"label": str, "confidence": float}]}
entities:           {"entities": [{"type": str, "text": str, "start": int, "end": int, "confidence": float}]}
knowledge:          {"answers": [{"text", "article", "title", "start", "end", "confidence", "source"?, "date"?}]}
                    best first; the article's own source and date, YYYY-MM-DD
answer, reply:      the same with one answer, written by a model, and in it
                    "citations": [{"article", "title", "quote", "source"?, "date"?}]; a reply has what the agent
                    could say as "reply", and what it rests on as "text"
"""

LONGEST_ROUTE = 300
ANSWERING = ("knowledge", "answer", "reply")
"""Tasks whose outputs an action can show."""
WRITTEN = ("answer", "reply")
"""Tasks whose outputs a model writes."""


@dataclass(frozen=True, slots=True)
class Node:
    """One model that an utterance needs. ``only_if`` is a condition on earlier outputs (sotto.graph.condition).

    ``after``: whose outputs it wants, or waits for. What only the condition needs may be unknown when the model is
    asked: its answer is then used if the condition turns out to be true.
    ``even_without``: run it although a node in ``after`` gave no output. ``context``: the model wants to know what was
    said before the utterance.
    """

    id: str
    task: str
    model: str
    after: tuple[str, ...] = ()
    only_if: Mapping[str, Any] | None = None
    deadline_ms: int = 400
    policy: str = ""
    even_without: bool = False
    context: bool = False

    @property
    def is_slow(self) -> bool:
        return self.deadline_ms > SLOW_MS

    @property
    def is_written(self) -> bool:
        return self.task in WRITTEN


class NodeStatus(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class NodeCall:
    """What ``route_inference`` is asked: one node, on one utterance, with the outputs it depends on.

    ``alone``: its result is delivered as soon as it is there, not at the end of its wave.
    """

    node: Node
    utterance: Utterance
    inputs: Mapping[str, Output] = field(default_factory=dict)
    alone: bool = False


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of a node. ``served_by`` names model version, adapter, endpoint, variant, and of what was
    written the prompt, such as reply/2; ``took_ms``: time by part.

    ``shadow``: the version that is asked the same when all guidance has been given; its answer is only compared.
    """

    node_id: str
    task: str
    status: NodeStatus
    output: Output = field(default_factory=dict)
    served_by: Mapping[str, str] = field(default_factory=dict)
    took_ms: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""
    shadow: str = ""

    @property
    def route(self) -> str:
        """How the answer came about, for the audit trail: version, endpoint, variant, prompt, and why it was not the
        first."""
        parts = (self.served_by.get(name, "") for name in ("version", "endpoint", "variant", "prompt"))
        route = " ".join(part for part in parts if part)
        return f"{route}; {self.reason}"[:LONGEST_ROUTE] if self.reason else route


class NodeRouter(Protocol):
    def route(self, call: NodeCall) -> NodeResult:
        """Never raises: what nothing can answer is a degraded result."""
        ...

    def route_all(self, calls: Sequence[NodeCall]) -> Sequence[NodeResult]:
        """One result for each call, in their order: those that ``route`` would give, however many requests they share.
        No node waits longer than its own deadline for its answer because of another. Never raises."""
        ...
