"""Versions in the shadow: asked what the live ones were asked, when all guidance has been given, and compared.

What is stored are labels, confidences and times: no text, no contact, nothing that an agent is shown.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pydantic import TypeAdapter

from sotto.core.clock import Clock
from sotto.core.validation import silent
from sotto.graph.condition import labels_of
from sotto.graph.graph import Graph, call_of
from sotto.graph.node import NodeCall, NodeResult, Output

LONGEST_MS = 2_000.0
"""For one answer: a version that few calls ask may have to be loaded first."""
ALL_TOGETHER_MS = 8_000.0


@dataclass(frozen=True, slots=True)
class ToCompare:
    """Results with a ``shadow`` are those to compare."""

    graph: Graph
    results: tuple[NodeResult, ...] = ()


@dataclass(frozen=True, slots=True)
class ShadowAnswer:
    """``labels``: intents, behaviours, types of entities, or the best article; sorted. ``confidence``: the highest."""

    version: str
    labels: tuple[str, ...] = ()
    confidence: float = 0.0
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """``id`` is the same when the same utterance is compared again. ``failure``: why the shadow gave no answer."""

    id: str
    tenant: str
    model: str
    live: ShadowAnswer
    shadow: ShadowAnswer
    failure: str = ""

    @property
    def agreed(self) -> bool:
        return not self.failure and self.live.labels == self.shadow.labels


@dataclass(frozen=True, slots=True)
class ShadowTally:
    """Of many comparisons. ``differences``: (live labels, shadow labels) -> how often, the most frequent first."""

    compared: int
    agreed: int
    failed: int
    failures: tuple[tuple[str, int], ...]
    differences: tuple[tuple[tuple[str, str], int], ...]
    live_ms: float
    shadow_ms: float


COMPARE: TypeAdapter[ToCompare] = silent(ToCompare)


class Shadows(Protocol):
    def shadow(self, call: NodeCall, version: str, *, timeout_ms: float) -> NodeResult: ...


class Comparisons(Protocol):
    def store(self, comparison: Comparison) -> None: ...


def compare_shadows(asked: ToCompare, shadows: Shadows, comparisons: Comparisons, clock: Clock) -> int:
    """How many were compared. What does not fit into ``ALL_TOGETHER_MS`` is left out."""
    until, compared = clock.monotonic_ms() + ALL_TOGETHER_MS, 0
    for live in (result for result in asked.results if result.shadow):
        remaining = until - clock.monotonic_ms()
        call = call_of(asked.graph, live.node_id, asked.results)
        if call is None or remaining <= 0:
            continue
        answer = shadows.shadow(call, live.shadow, timeout_ms=min(LONGEST_MS, remaining))
        comparisons.store(_comparison(call, live, answer))
        compared += 1
    return compared


def comparison_id(contact_id: str, utterance_id: str, end_ms: int, node_id: str) -> str:
    return hashlib.sha256(f"{contact_id}|{utterance_id}|{end_ms}|{node_id}".encode()).hexdigest()[:24]


def _comparison(call: NodeCall, live: NodeResult, answer: NodeResult) -> Comparison:
    utterance = call.utterance
    return Comparison(
        id=comparison_id(utterance.contact_id, utterance.id, utterance.end_ms, call.node.id),
        tenant=utterance.tenant,
        model=call.node.model,
        live=_shadow_answer(live.served_by.get("version", ""), live),
        shadow=_shadow_answer(live.shadow, answer),
        failure="" if answer.output else answer.reason or "NoOutput",
    )


def _shadow_answer(version: str, result: NodeResult) -> ShadowAnswer:
    labels = _labels(result.output)
    confidence = max((sure for _, sure in labels), default=0.0)
    names = tuple(sorted({label for label, _ in labels}))
    return ShadowAnswer(version, names, round(confidence, 4), round(result.took_ms.get("invoke", 0.0), 1))


def _labels(output: Output) -> list[tuple[str, float]]:
    found = labels_of(output)
    return found[:1] if "answers" in output else found


def tally(comparisons: Iterable[Comparison]) -> ShadowTally:
    """Times are medians over those that the shadow answered."""
    every = list(comparisons)
    answered = [one for one in every if not one.failure]
    differences = Counter((_written(one.live), _written(one.shadow)) for one in answered if not one.agreed)
    return ShadowTally(
        compared=len(every),
        agreed=sum(one.agreed for one in answered),
        failed=len(every) - len(answered),
        failures=tuple(Counter(one.failure for one in every if one.failure).most_common()),
        differences=tuple(differences.most_common()),
        live_ms=_median([one.live.took_ms for one in answered]),
        shadow_ms=_median([one.shadow.took_ms for one in answered]),
    )


def _written(answer: ShadowAnswer) -> str:
    return ", ".join(answer.labels) or "nothing"


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0
