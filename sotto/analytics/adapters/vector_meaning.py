"""Which metric a question is near to, by vectors of texts from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sotto.core.errors import Degraded, Retryable

Vector = Sequence[float]


class TextVectors(Protocol):
    def vectors(self, tenant: str, texts: Sequence[str]) -> Sequence[Vector]:
        """Of length 1, in order. Raises Retryable or Degraded where nobody can say now."""
        ...


class VectorMeaning:
    """A Meaning, for one tenant. What is written of metrics is asked for once in the life of ``known``; where nobody
    answers, nobody can tell, and words alone decide."""

    def __init__(self, tenant: str, vectors: TextVectors, known: dict[str, Vector]) -> None:
        self._tenant = tenant
        self._vectors = vectors
        self._known = known

    def likeness(self, question: str, texts: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
        wanted = dict.fromkeys(text for of_metric in texts.values() for text in of_metric)
        new = [text for text in wanted if text not in self._known]
        try:
            asked, *found = self._vectors.vectors(self._tenant, [question, *new])
        except (Degraded, Retryable):
            return {}
        self._known |= dict(zip(new, found, strict=True))
        return {
            name: max(_product(asked, self._known[text]) for text in of_metric)
            for name, of_metric in texts.items()
            if of_metric
        }


def _product(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
