"""One node of the inference graph, routed to a model: NodeCall in, NodeResult out.

Or, with ``compare``, what the versions in the shadow say to an utterance that has been guided on: stored, nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sotto.core.once import once
from sotto.core.validation import read_event, silent
from sotto.graph.node import NodeCall, NodeResult
from sotto.inference.comparison import COMPARE, compare_shadows
from sotto.wiring.models import node_router
from sotto.wiring.models import router as classifiers
from sotto.wiring.observed import observed
from sotto.wiring.process import clock
from sotto.wiring.stores import comparisons

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from sotto.graph.node import NodeRouter

_calls = silent(NodeCall)
_results = silent(NodeResult)


@once
def router() -> NodeRouter:
    return node_router()


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    if "compare" in event:
        compare_shadows(read_event(COMPARE, event["compare"], "a ToCompare"), classifiers(), comparisons(), clock())
        return {}
    result: dict[str, Any] = _results.dump_python(router().route(asked(event)), mode="json")
    return result


def asked(event: dict[str, Any]) -> NodeCall:
    """Raises MalformedEvent."""
    return read_event(_calls, event, "a NodeCall")
