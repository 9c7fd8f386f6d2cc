"""Answers out of the tenant's articles: the best sentences, with where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from pydantic import BaseModel, TypeAdapter, ValidationError

from model_containers.shard.base_encoder.embedding import TextEmbedding, Vectors
from model_containers.shard.base_encoder.minilm import DIMENSIONS
from model_containers.shard.heads.lexical import Bm25
from model_containers.shard.heads.subjects import Subjects
from model_containers.shard.heads.weights import tensor
from sotto.models.package import BadPackage, ModelPackage
from sotto.tenants.article_text import unwrapped

ARTICLES = "articles.json"
BY_WORDS = 0.3
"""Share of BM25 in a passage's score; the rest is the cosine."""
BY_SUBJECT = 0.5
"""How much more an article counts when the conversation has clearly named its subject. It only ranks: what says nothing
about the question stays below the threshold."""
LEAST_SCORE = 0.1
"""What says less about the question is no answer, however sure its intent is."""
SHARPNESS = 40.0
"""By how much a lead counts among the articles of one intent: .025 ahead is e times as likely."""
MOST_ANSWERS = 3
LONGEST_CONTEXT = 60
"""Earlier utterances that are looked at for a subject."""


class PackagedArticle(BaseModel):
    """``text`` is the article without its front matter; spans are offsets in it. ``sentences`` and ``passages`` are
    in the order of the package's vectors; a passage is a paragraph. ``subject`` names the thing that the article is
    about, as callers say it (a product, a branch); empty where articles are about everything. ``intents``: those that
    it answers; none: any."""

    id: str
    title: str
    text: str
    passages: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]
    subject: str = ""
    intents: tuple[str, ...] = ()
    source: str = ""
    date: str = ""


_articles = TypeAdapter(tuple[PackagedArticle, ...])


class KnowledgeHead:
    needs_embedding = True
    needs_base_too = False

    def __init__(self, package: ModelPackage) -> None:
        articles = read_articles(package)
        self.articles = articles
        places = {article.id: place for place, article in enumerate(articles)}
        self._owner = np.array([places[article.id] for article in articles for _ in article.passages], dtype=np.int64)
        named = sorted({article.subject for article in articles if article.subject})
        self._subjects = Subjects(named)
        self._subject_of = np.array(
            [named.index(a.subject) if a.subject else len(named) for a in articles], dtype=np.int64
        )
        self._passages = [(article, span) for article in articles for span in article.passages]
        self._sentences = [(article, span) for article in articles for span in article.sentences]
        self._passage_vectors = tensor(package, "passages", rows=len(self._passages), columns=DIMENSIONS)
        self._sentence_vectors = tensor(package, "sentences", rows=len(self._sentences), columns=DIMENSIONS)
        counts = [0, *accumulate(len(article.sentences) for article in articles)]
        self._starts = {article.id: first for article, first in zip(articles, counts, strict=False)}
        self._quotable = [self._inside(article, span) for article, span in self._passages]
        self._words = Bm25([f"{article.title} {article.text[start:end]}" for article, (start, end) in self._passages])
        self._threshold = package.card.thresholds.get("answer", 0.0)

    def answer(self, request: Mapping[str, Any], embedding: TextEmbedding | None) -> dict[str, Any]:
        assert embedding is not None
        most = min(int(request.get("k", MOST_ANSWERS)), 20)
        question = str(request["text"])
        scores = self.scores(question, embedding)
        sure = self.confidence(scores, _intents(request))
        order = sure + BY_SUBJECT * self.about([*_context(request), question])[self._owner]
        ranked = [int(i) for i in np.argsort(-order, kind="stable")]
        answers: dict[str, dict[str, Any]] = {}
        for place in ranked:
            if len(answers) >= most:
                break
            if sure[place] < self._threshold or scores[place] < min(self._threshold, LEAST_SCORE):
                continue
            article, _ = self._passages[place]
            if article.id not in answers:
                answers[article.id] = self._quoted(place, embedding.whole, float(sure[place]))
        return {"answers": list(answers.values())}

    def scores(self, question: str, embedding: TextEmbedding, by_words: float = BY_WORDS) -> Vectors:
        """Shape (passages,): the cosine of the closest piece of the question, blended with shared words."""
        meaning = (self._passage_vectors @ embedding.pieces.T).max(axis=1)
        blended: Vectors = (1 - by_words) * meaning + by_words * self._words.scores(question)
        return blended

    def about(self, texts: Sequence[str]) -> Vectors:
        """Shape (articles,), 0 to 1: how clearly these utterances, the latest last, named each article's subject."""
        return np.append(self._subjects.scores(texts), np.float32(0))[self._subject_of]

    def confidence(self, scores: Vectors, intents: Mapping[str, float]) -> Vectors:
        """Shape (passages,), 0 to 1: the score; of an article that names intents, its mean with how likely they mean
        this one. An intent of one article settles it; among ten that give prices, the search must."""
        if not intents:
            return scores
        best = np.full(len(self.articles), -1.0, dtype=np.float32)
        np.maximum.at(best, self._owner, scores)
        meant = np.array([self._meant(place, best, intents) for place in range(len(self.articles))], dtype=np.float32)
        own = meant[self._owner]
        joint: Vectors = np.where(np.isnan(own), scores, (scores + own) / 2)
        return joint

    def _meant(self, place: int, best: Vectors, intents: Mapping[str, float]) -> float:
        """NaN for an article that names no intents."""
        shares = [
            intents.get(intent, 0.0) * self._share(place, best, intent) for intent in self.articles[place].intents
        ]
        return max(shares) if shares else float("nan")

    def _share(self, place: int, best: Vectors, intent: str) -> float:
        """Of the article, among those that name ``intent``."""
        rivals = best[[other for other, article in enumerate(self.articles) if intent in article.intents]]
        return float(1.0 / np.exp(SHARPNESS * (rivals - best[place])).sum())

    def _quoted(self, place: int, question: Vectors, score: float) -> dict[str, Any]:
        article, _ = self._passages[place]
        start, end = self._best_sentences(place, question)
        origin = {"source": article.source, "date": article.date}
        return {
            "text": unwrapped(article.text[start:end]),
            "article": article.id,
            "title": article.title,
            "start": start,
            "end": end,
            "confidence": round(min(1.0, max(0.0, score)), 4),
            **{name: value for name, value in origin.items() if value},
        }

    def _best_sentences(self, place: int, question: Vectors) -> tuple[int, int]:
        """The closest sentence of the passage and the one after it: the second often holds the condition."""
        inside = self._quotable[place]
        if not inside:
            return self._passages[place][1]
        best = int(np.argmax(self._sentence_vectors[inside] @ question))
        first, last = inside[best], inside[min(best + 1, len(inside) - 1)]
        return self._sentences[first][1][0], self._sentences[last][1][1]

    def _inside(self, article: PackagedArticle, passage: tuple[int, int]) -> list[int]:
        """Which sentences stand in a passage."""
        first = self._starts[article.id]
        spans = enumerate(article.sentences, first)
        return [place for place, (start, end) in spans if passage[0] <= start and end <= passage[1]]


def _context(request: Mapping[str, Any]) -> list[str]:
    """``context``: earlier utterances of the conversation, the latest last. Optional."""
    given = request.get("context")
    return [text for text in given if isinstance(text, str)][-LONGEST_CONTEXT:] if isinstance(given, list) else []


def _intents(request: Mapping[str, Any]) -> dict[str, float]:
    """``inputs``: outputs of the models that were asked before; the intent's is the one with scores and a label."""
    inputs = request.get("inputs")
    outputs = list(inputs.values()) if isinstance(inputs, dict) else []
    scored = [each["scores"] for each in outputs if isinstance(each, dict) and isinstance(each.get("scores"), dict)]
    return {name: float(share) for scores in scored for name, share in scores.items() if _is_share(share)}


def _is_share(value: object) -> bool:
    return isinstance(value, int | float)


def read_articles(package: ModelPackage) -> tuple[PackagedArticle, ...]:
    try:
        return _articles.validate_json(package.read(ARTICLES))
    except ValidationError as error:
        raise BadPackage(f"{ARTICLES} of {package.card.target_model} does not hold articles: {error}") from error
