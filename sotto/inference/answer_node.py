"""Nodes of an inference graph, answered and observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.core.observation import Observe
from sotto.graph.node import NodeCall, NodeResult, NodeRouter


@dataclass(frozen=True, slots=True)
class NodeAnswered:
    call: NodeCall
    result: NodeResult


def answer_node(call: NodeCall, router: NodeRouter, observe: Observe) -> NodeResult:
    result = router.route(call)
    observe(NodeAnswered(call, result))
    return result


def answer_wave(calls: Sequence[NodeCall], router: NodeRouter, observe: Observe) -> tuple[NodeResult, ...]:
    """One result for each call, in their order."""
    results = tuple(router.route_all(calls)) if calls else ()
    for call, result in zip(calls, results, strict=True):
        observe(NodeAnswered(call, result))
    return results
