"""What the tenant's model ``disposition`` says to single utterances, by the same route as guidance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.graph.node import Node, NodeCall
from sotto.inference.router import Router
from sotto.tenants.dispositions import MODEL

DEADLINE_MS = 4_000
"""The agent reads the summary meanwhile."""


class RoutedCodes:
    """A CodeModel."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def scores(self, contact: Contact, utterances: Sequence[Utterance]) -> Mapping[str, Mapping[str, float]]:
        node = Node(id=MODEL, task="intent", model=MODEL, deadline_ms=DEADLINE_MS, policy="after-call")
        results = self._router.route_all([NodeCall(node, each) for each in utterances])
        found: dict[str, dict[str, float]] = {}
        for utterance, result in zip(utterances, results, strict=True):
            label = result.output.get("label")
            if label:  # else it is none of the codes: which of them is least unlikely, says nothing
                found[utterance.id] = {str(label): float(result.output.get("confidence", 0.0))}
        return found
