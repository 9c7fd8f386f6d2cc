"""Which metric a question is near to, by the product's encoder in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sotto.analytics.definition.metric import Metric

if TYPE_CHECKING:
    from model_containers.shard.base_encoder.minilm import MiniLmEncoder


class EncodedMeaning:
    """A Meaning. The encoder is loaded at the first question that no phrase decides."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def likeness(self, question: str, metrics: Sequence[Metric]) -> Mapping[str, float]:
        new = [each for each in metrics if each.name not in self._known]
        encoded = self._encoder.encode([question, *(f"{each.title}: {each.note}" for each in new)])
        for metric, embedding in zip(new, encoded[1:], strict=True):
            self._known[metric.name] = embedding.whole
        asked = encoded[0].whole
        return {each.name: float(asked @ self._known[each.name]) for each in metrics}

    @cached_property
    def _encoder(self) -> MiniLmEncoder:
        from model_containers.shard.base_encoder.minilm import MiniLmEncoder

        return MiniLmEncoder(pieces=False)
