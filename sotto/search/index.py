"""The index of a tenant's passages: what it must do, whoever does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.core.errors import Retryable
from sotto.search.passage import Passage, PassageFilter, Vector
from sotto.search.query import Said

MOST_CANDIDATES = 100
"""Of one question: as many as S3 Vectors gives at most."""


class IndexUnavailable(Retryable):
    """It could not be reached, or is asked too much."""


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    passage: Passage
    vector: Vector


@dataclass(frozen=True, slots=True)
class Asked:
    """``vector`` None: by words alone, where nobody could say what the question means. ``by_words`` False: by meaning
    alone."""

    said: Said
    vector: Vector | None
    filter: PassageFilter = PassageFilter()
    most: int = MOST_CANDIDATES
    by_words: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """``score`` compares candidates of one question. ``has_words``: whether some word of the question is in it.
    ``likeness``: cosine with the question, -1 to 1; None where it was not found by its meaning."""

    passage: Passage
    score: float
    has_words: bool
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Best first. ``may_miss``: there may be more of what was asked for than these. Phrases, what is excluded and order
    are judged on these alone, so a passage that is not among them cannot be found."""

    found: tuple[Candidate, ...]
    may_miss: bool


class SearchIndex(Protocol):
    """One index for each tenant, made when something is first put into it. Whoever reads after a ``put`` has returned
    finds what it put. Raises IndexUnavailable."""

    def put(self, tenant: str, passages: Sequence[IndexedPassage]) -> None:
        """Twice is as good as once; of one key the last one counts."""
        ...

    def known(self, tenant: str, keys: Sequence[str]) -> Mapping[str, tuple[str, Vector]]:
        """Digest and vector of those of these keys that are there."""
        ...

    def candidates(self, tenant: str, asked: Asked) -> Candidates:
        """None for a tenant of whom nothing was put."""
        ...

    def keys(self, tenant: str, contact_id: str) -> Sequence[str]:
        """Of all passages of a contact."""
        ...

    def remove(self, tenant: str, keys: Sequence[str]) -> None:
        """So that neither text nor vector is left. What is not there is no error."""
        ...

    def drop(self, tenant: str) -> None:
        """The whole index."""
        ...


def erase(tenant: str, contact_id: str, index: SearchIndex) -> int:
    """Everything of a contact; how many passages there were. Raises IndexUnavailable."""
    removed = 0
    while keys := index.keys(tenant, contact_id):
        index.remove(tenant, keys)
        removed += len(keys)
    return removed
