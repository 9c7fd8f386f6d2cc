"""Vectors of texts, by the base encoder on the shard."""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from math import sqrt
from typing import Any

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.graph.node import Node, NodeCall
from sotto.inference.router import Router
from sotto.inference.shard import ModelUnavailable

MODEL = "sentiment"
"""It serves every tenant, so there is one wherever there is a shard; asked for vectors, the base answers alone."""
AT_ONCE = 32


class RoutedVectors:
    """A TextVectors. ``deadline_ms``: for each request of ``AT_ONCE`` texts."""

    def __init__(self, router: Router, *, deadline_ms: int) -> None:
        self._router = router
        self._deadline_ms = deadline_ms

    def vectors(self, tenant: str, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Of length 1, in order. Raises ModelUnavailable."""
        return [
            vector
            for start in range(0, len(texts), AT_ONCE)
            for vector in self._asked(tenant, list(texts[start : start + AT_ONCE]))
        ]

    def _asked(self, tenant: str, texts: list[str]) -> list[list[float]]:
        node = Node(id="vectors", task="sentiment", model=MODEL, deadline_ms=self._deadline_ms, policy="search")
        read = Utterance(tenant, "search", "vectors", 0, Speaker.CUSTOMER, 0, 0, texts[0])
        answered = self._router.route(NodeCall(node, read, {"vectors": {"texts": texts}}))
        found = answered.output.get("vectors")
        if not isinstance(found, list) or len(found) != len(texts):
            raise ModelUnavailable("the encoder did not answer; ask again")
        return [_vector(each) for each in found]


def _vector(written: Any) -> list[float]:
    packed = base64.b64decode(written)
    numbers = struct.unpack(f"<{len(packed) // 2}e", packed)
    length = sqrt(sum(each * each for each in numbers)) or 1.0
    return [each / length for each in numbers]
