"""Answers out of the tenant's articles: the best sentences, with where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from pydantic import BaseModel, TypeAdapter, ValidationError

from model_containers.shard.encoder import DIMENSIONS, Reading, Vectors
from model_containers.shard.heads.lexical import Bm25
from model_containers.shard.heads.weights import tensor
from sotto.inference.package import BadPackage, ModelPackage

ARTICLES = "articles.json"
BY_WORDS = 0.3
"""Share of BM25 in a passage's score; the rest is the cosine."""
MOST_ANSWERS = 3


class Article(BaseModel):
    """``text`` is the article without its front matter; spans are offsets in it. ``sentences`` and ``passages`` are
    in the order of the package's vectors; a passage is a paragraph."""

    id: str
    title: str
    text: str
    passages: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]


_articles = TypeAdapter(tuple[Article, ...])


class KnowledgeHead:
    needs_reading = True

    def __init__(self, package: ModelPackage) -> None:
        articles = read_articles(package)
        self._passages = [(article, span) for article in articles for span in article.passages]
        self._sentences = [(article, span) for article in articles for span in article.sentences]
        self._passage_vectors = tensor(package, "passages", rows=len(self._passages), columns=DIMENSIONS)
        self._sentence_vectors = tensor(package, "sentences", rows=len(self._sentences), columns=DIMENSIONS)
        counts = [0, *accumulate(len(article.sentences) for article in articles)]
        self._starts = {article.id: first for article, first in zip(articles, counts, strict=False)}
        self._quotable = [self._inside(article, span) for article, span in self._passages]
        self._words = Bm25([f"{article.title} {article.text[start:end]}" for article, (start, end) in self._passages])
        self._threshold = package.card.thresholds.get("answer", 0.0)

    def answer(self, request: Mapping[str, Any], reading: Reading | None) -> dict[str, Any]:
        assert reading is not None
        most = min(int(request.get("k", MOST_ANSWERS)), 20)
        scores = self.scores(str(request["text"]), reading)
        ranked = [int(i) for i in np.argsort(-scores, kind="stable")]
        answers: dict[str, dict[str, Any]] = {}
        for place in ranked:
            if len(answers) >= most or scores[place] < self._threshold:
                break
            article, _ = self._passages[place]
            if article.id not in answers:
                answers[article.id] = self._quoted(place, reading.whole, float(scores[place]))
        return {"answers": list(answers.values())}

    def scores(self, question: str, reading: Reading) -> Vectors:
        """Shape (passages,): the cosine of the closest piece of the question, blended with shared words."""
        meaning = (self._passage_vectors @ reading.pieces.T).max(axis=1)
        blended: Vectors = (1 - BY_WORDS) * meaning + BY_WORDS * self._words.scores(question)
        return blended

    def _quoted(self, place: int, question: Vectors, score: float) -> dict[str, Any]:
        article, _ = self._passages[place]
        start, end = self._best_sentences(place, question)
        return {
            "text": article.text[start:end],
            "article": article.id,
            "title": article.title,
            "start": start,
            "end": end,
            "confidence": round(min(1.0, max(0.0, score)), 4),
        }

    def _best_sentences(self, place: int, question: Vectors) -> tuple[int, int]:
        """The closest sentence of the passage and the one after it: the second often holds the condition."""
        inside = self._quotable[place]
        if not inside:
            return self._passages[place][1]
        best = int(np.argmax(self._sentence_vectors[inside] @ question))
        first, last = inside[best], inside[min(best + 1, len(inside) - 1)]
        return self._sentences[first][1][0], self._sentences[last][1][1]

    def _inside(self, article: Article, passage: tuple[int, int]) -> list[int]:
        """Which sentences stand in a passage."""
        first = self._starts[article.id]
        spans = enumerate(article.sentences, first)
        return [place for place, (start, end) in spans if passage[0] <= start and end <= passage[1]]


def read_articles(package: ModelPackage) -> tuple[Article, ...]:
    try:
        return _articles.validate_json(package.read(ARTICLES))
    except ValidationError as error:
        raise BadPackage(f"{ARTICLES} of {package.card.target_model} does not hold articles: {error}") from error
