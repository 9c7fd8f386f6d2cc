"""Sketches of calls, by the tenant's intent model on the shard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from sotto.call.sketch import CallSketch
from sotto.call.utterance import Utterance
from sotto.core.validation import silent
from sotto.graph.node import Node, NodeCall, NodeStatus
from sotto.inference.router import Router
from sotto.inference.shard import ModelUnavailable

MODEL = "intent"
AT_ONCE = 32
_sketch = silent(CallSketch)


class RoutedSketches:
    """A Sketcher. ``deadline_ms``: for each request of ``AT_ONCE`` texts."""

    def __init__(self, router: Router, *, deadline_ms: int) -> None:
        self._router = router
        self._deadline_ms = deadline_ms

    def sketch(self, utterances: Sequence[Utterance]) -> CallSketch | None:
        """Raises ModelUnavailable."""
        parts = []
        for start in range(0, len(utterances), AT_ONCE):
            part = self._asked(utterances[start : start + AT_ONCE])
            if part is None:
                return None
            parts.append(part)
        if len({each.version for each in parts}) > 1:
            raise ModelUnavailable("another version answered in between; ask again")
        return reduce(CallSketch.plus, parts)

    def unknown(self, utterances: Sequence[Utterance]) -> frozenset[str]:
        """An IntentModel: ids of the utterances without a label. Raises ModelUnavailable."""
        found: set[str] = set()
        for start in range(0, len(utterances), AT_ONCE):
            some = utterances[start : start + AT_ONCE]
            answered = self._answered(some)
            if answered is None:
                return frozenset()
            found |= {some[place].id for place in answered[0].get("unlabelled", ()) if place in range(len(some))}
        return frozenset(found)

    def _asked(self, utterances: Sequence[Utterance]) -> CallSketch | None:
        answered = self._answered(utterances)
        if answered is None:
            return None
        output, version = answered
        of = {
            "tenant": utterances[0].tenant,
            "contact_id": utterances[0].contact_id,
            "version": version,
            "through_seq": utterances[-1].seq,
        }
        made: CallSketch = _sketch.validate_python({**output["sketch"], **of})
        return made

    def _answered(self, utterances: Sequence[Utterance]) -> tuple[Mapping[str, Any], str] | None:
        """What the model made of them, and its version; None where the tenant has no such model."""
        node = Node(id="sketch", task="intent", model=MODEL, deadline_ms=self._deadline_ms, policy="drift")
        inputs: Mapping[str, Any] = {"sketch": {"texts": [each.text for each in utterances]}}
        answered = self._router.route(NodeCall(node, utterances[0], inputs))
        if answered.status is NodeStatus.FAILED:  # the tenant has no such model
            return None
        found = answered.output.get("sketch")
        if not isinstance(found, Mapping) or found.get("utterances") != len(utterances):
            raise ModelUnavailable("the intent model did not answer; ask again")
        return answered.output, answered.served_by.get("version", "")
