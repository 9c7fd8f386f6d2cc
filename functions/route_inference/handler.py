"""One node of the inference graph, routed to a model: NodeCall in, NodeResult out.

Or, with ``compare``, what the versions in the shadow say to an utterance that has been guided on: stored, nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from sotto.errors import Rejected
from sotto.inference.comparison import COMPARE, compare_shadows
from sotto.inference.node import NodeCall, NodeResult
from sotto.wiring.models import node_router
from sotto.wiring.models import router as classifiers
from sotto.wiring.observed import observed
from sotto.wiring.once import once
from sotto.wiring.process import clock
from sotto.wiring.stores import comparisons

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from sotto.generation.nodes import Routes

_calls = TypeAdapter(NodeCall)
_results = TypeAdapter(NodeResult)


@once
def router() -> Routes:
    return node_router()


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    if "compare" in event:
        compare_shadows(COMPARE.validate_python(event["compare"]), classifiers(), comparisons(), clock())
        return {}
    result: dict[str, Any] = _results.dump_python(router().route(asked(event)), mode="json")
    return result


def asked(event: dict[str, Any]) -> NodeCall:
    try:
        return _calls.validate_python(event)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise Rejected(f"the event is not a NodeCall: {wrong}") from None
