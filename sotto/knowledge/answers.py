"""Answers from a tenant's articles, and the ports through which they are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import Contact
from sotto.call.summary import Origin
from sotto.tenants.articles import Article


@dataclass(frozen=True, slots=True)
class KnowledgeAnswer:
    """``start_char`` and ``end_char`` are where ``text`` stands in the article; ``confidence`` 0..1.
    ``source`` and ``date``: the article's, empty where nobody has said."""

    text: str
    article: str
    title: str
    start_char: int
    end_char: int
    confidence: float
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class CitedWords:
    """``sources``: places in ``KnowledgeAssist.found``, from 0."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeAssist:
    """What the articles say to a question, over as many of their sentences as it takes. No sentences: no article
    answers it; ``found`` may still hold the closest. ``model``: what wrote; empty for QUOTED."""

    sentences: tuple[CitedWords, ...]
    found: tuple[KnowledgeAnswer, ...]
    origin: Origin = Origin.QUOTED
    model: str = ""


class KnowledgeSearch(Protocol):
    def search(self, contact: Contact, question: str) -> Sequence[KnowledgeAnswer]:
        """Best first, none when nothing fits. Raises Degraded or Retryable when no model answers."""
        ...


class ArticleReader(Protocol):
    def article(self, tenant: str, article: str) -> Article | None:
        """As it is published now. Raises Retryable."""
        ...
