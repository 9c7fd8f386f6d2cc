"""Which metric a question is near to, by the product's encoder in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model_containers.shard.base_encoder.minilm import MiniLmEncoder


class EncodedMeaning:
    """A Meaning. The encoder is loaded at the first question that no phrase decides."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def likeness(self, question: str, texts: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
        wanted = dict.fromkeys(text for of_metric in texts.values() for text in of_metric)
        new = [text for text in wanted if text not in self._known]
        asked, *encoded = self._encoder.encode([question, *new])
        self._known |= {text: embedding.whole for text, embedding in zip(new, encoded, strict=True)}
        return {
            name: max(float(asked.whole @ self._known[text]) for text in of_metric)
            for name, of_metric in texts.items()
            if of_metric
        }

    @cached_property
    def _encoder(self) -> MiniLmEncoder:
        from model_containers.shard.base_encoder.minilm import MiniLmEncoder

        return MiniLmEncoder(pieces=False)
