"""Unit: vectors of texts as the shard answers them, and as they come out."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.encoder.vectors import MOST_TEXTS, texts_in, vectors, wrong_with
from sotto.graph.node import NodeCall, NodeResult, NodeStatus
from sotto.inference.shard import ModelUnavailable
from sotto.inference.text_vectors import AT_ONCE, RoutedVectors


class Shard:
    """A router in front of an encoder that makes a vector of a text's length."""

    def __init__(self, output: dict[str, Any] | None = None) -> None:
        self.asked: list[NodeCall] = []
        self._output = output

    def route(self, call: NodeCall) -> NodeResult:
        self.asked.append(call)
        texts = texts_in({"inputs": call.inputs})
        output = asyncio.run(vectors(texts, self._read)) if self._output is None else self._output
        return NodeResult("vectors", "sentiment", NodeStatus.OK, output)

    async def _read(self, text: str) -> TextEmbedding:
        made = np.zeros((1, 384), dtype=np.float32)
        made[0, len(text) % 384] = 1.0
        return TextEmbedding(made, ((0, len(text)),))


def read(shard: Shard, *texts: str) -> Any:
    return RoutedVectors(shard, deadline_ms=100).vectors("bank", texts)  # type: ignore[arg-type]


def test_each_text_has_its_vector_in_order_over_several_requests() -> None:
    shard = Shard()
    texts = ["x" * n for n in range(1, AT_ONCE + 4)]
    found = read(shard, *texts)
    assert [vector.index(max(vector)) for vector in found] == list(range(1, AT_ONCE + 4))
    assert len(shard.asked) == 2 and all(len(vector) == 384 for vector in found)
    assert {call.utterance.tenant for call in shard.asked} == {"bank"}


@pytest.mark.parametrize("output", [{}, {"vectors": []}, {"label": "positive"}, {"vectors": "none"}])
def test_a_shard_that_knows_no_vectors_is_unavailable(output: dict[str, Any]) -> None:
    with pytest.raises(ModelUnavailable):
        read(Shard(output), "a text")


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ("one", "list"),
        ([], "list"),
        (["a", " "], "non-empty"),
        (["a"] * (MOST_TEXTS + 1), "more than"),
        (["x" * 9], "9"),
    ],
)
def test_texts_that_cannot_be_read_are_named(texts: Any, says: str) -> None:
    wrong = wrong_with(texts, longest_text=8)
    assert wrong is not None and (says in wrong or "characters" in wrong)
    assert wrong_with(["a", "b"], longest_text=8) is None
