"""One node of the inference graph, routed to a model: NodeCall in, NodeResult out.

Or, with ``compare``, what the versions in the shadow say to an utterance that has been guided on: stored, nothing out.
"""

from __future__ import annotations

from typing import Any

from functions.route_inference.function import FUNCTION
from sotto.core.validation import read_event, silent
from sotto.graph.node import NodeCall, NodeResult
from sotto.inference.answer_node import answer_node
from sotto.inference.comparison import COMPARE, compare_shadows
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

_calls = silent(NodeCall)
_results = silent(NodeResult)


@entry_point(FUNCTION, ready=lambda sotto: sotto.routes)
def handler(event: dict[str, Any], context: Any, sotto: Sotto) -> dict[str, Any]:
    if "compare" in event:
        compared = read_event(COMPARE, event["compare"], "a ToCompare")
        compare_shadows(compared, sotto.router, sotto.comparisons, sotto.clock)
        return {}
    result = answer_node(asked(event), sotto.routes, sotto.observe)
    reply: dict[str, Any] = _results.dump_python(result, mode="json")
    return reply


def asked(event: dict[str, Any]) -> NodeCall:
    """Raises MalformedEvent."""
    return read_event(_calls, event, "a NodeCall")
