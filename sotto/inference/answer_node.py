"""A node of an inference graph, answered and observed."""

from __future__ import annotations

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
