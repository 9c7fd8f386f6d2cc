"""Answers out of the tenant's articles: the best sentences, with where they stand."""

from __future__ import annotations

from collections.abc import Mapping
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
            article, span = self._passages[place]
            if article.id not in answers:
                answers[article.id] = self._quoted(article, span, reading.whole, float(scores[place]))
        return {"answers": list(answers.values())}

    def scores(self, question: str, reading: Reading) -> Vectors:
        """Shape (passages,): the cosine of the closest piece of the question, blended with shared words."""
        meaning = (self._passage_vectors @ reading.pieces.T).max(axis=1)
        blended: Vectors = (1 - BY_WORDS) * meaning + BY_WORDS * self._words.scores(question)
        return blended

    def _quoted(self, article: Article, passage: tuple[int, int], question: Vectors, score: float) -> dict[str, Any]:
        start, end = self._best_sentences(article, passage, question)
        return {
            "text": article.text[start:end],
            "article": article.id,
            "title": article.title,
            "start": start,
            "end": end,
            "confidence": round(min(1.0, max(0.0, score)), 4),
        }

    def _best_sentences(self, article: Article, passage: tuple[int, int], question: Vectors) -> tuple[int, int]:
        """The closest sentence of the passage and the one after it: the second often holds the condition."""
        inside = [
            (place, span)
            for place, (owner, span) in enumerate(self._sentences)
            if owner is article and passage[0] <= span[0] and span[1] <= passage[1]
        ]
        if not inside:
            return passage
        closeness = self._sentence_vectors[[place for place, _ in inside]] @ question
        best = int(np.argmax(closeness))
        return inside[best][1][0], inside[min(best + 1, len(inside) - 1)][1][1]


def read_articles(package: ModelPackage) -> tuple[Article, ...]:
    try:
        return _articles.validate_json(package.read(ARTICLES))
    except ValidationError as error:
        raise BadPackage(f"{ARTICLES} of {package.card.target_model} does not hold articles: {error}") from error
