"""Which articles a whole conversation needs: every sentence votes, by meaning and by words, for articles and titles.

A candidate that the retrieval benchmark ranks beside others (docs/decisions/0132); no shard counts so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model_containers.shard.base_encoder.embedding import CachingEncoder, TextEmbedding, Vectors
from model_containers.shard.heads.knowledge import PackagedArticle
from model_containers.shard.heads.lexical import Bm25
from model_containers.trainer.heads.knowledge import passage_texts


@dataclass(frozen=True, slots=True)
class Voting:
    """How the sentences of a conversation are counted. One vote that fits well says more than many that fit a little:
    so meaning and words count by a power, and only by what they exceed the sentence's ``closest`` articles' next by.
    """

    closest: int = 20
    meaning_power: int = 4
    words_power: int = 2

    def of_meaning(self, cosines: Vectors) -> Vectors:
        return self._counted(np.maximum(cosines, 0) ** self.meaning_power)

    def of_words(self, shares: Vectors) -> Vectors:
        return self._counted(shares**self.words_power)

    def _counted(self, votes: Vectors) -> Vectors:
        """Shape (sentences, articles) to (articles,), scaled to the most voted."""
        if votes.shape[1] > self.closest:
            next_best = -np.partition(-votes, self.closest, axis=1)[:, self.closest]
            votes = np.maximum(votes - next_best[:, None], 0)
        return _scaled(votes.sum(axis=0))


@dataclass(frozen=True, slots=True)
class Votes:
    """What each sentence of a conversation says for each article, shape (sentences, articles)."""

    meaning: Vectors
    words: Vectors
    title_words: Vectors
    title_meaning: Vectors | None = None

    def tallied(self, voting: Voting) -> Vectors:
        """Shape (articles,)."""
        total = voting.of_words(self.words) + 0.5 * voting.of_meaning(self.meaning)
        total += 0.5 * _scaled(self.title_words.sum(axis=0))
        if self.title_meaning is not None:
            total += 0.5 * voting.of_meaning(self.title_meaning)
        return total


def _scaled(votes: Vectors) -> Vectors:
    scaled: Vectors = votes / max(1e-9, float(votes.max()))
    return scaled


class Ballot:
    """What sentences may vote for: articles, by their passages, and titles."""

    def __init__(self, articles: Sequence[PackagedArticle], encoder: CachingEncoder) -> None:
        self._articles = len(articles)
        self._owner = np.array([place for place, article in enumerate(articles) for _ in article.passages])
        self._passages = encoder.whole(passage_texts(articles))
        self._titles = encoder.whole([article.title for article in articles])
        self._title_words = Bm25([article.title for article in articles])
        self._whole_words = Bm25([f"{article.title} {article.text}" for article in articles])

    def votes(self, sentences: Sequence[tuple[str, TextEmbedding]]) -> Votes:
        vectors = np.stack([embedding.whole for _, embedding in sentences])
        meaning = np.full((len(sentences), self._articles), 0.0, dtype=np.float32)
        for sentence, row in zip(meaning, vectors @ self._passages.T, strict=True):
            np.maximum.at(sentence, self._owner, row)
        words = np.stack([self._whole_words.scores(text) for text, _ in sentences])
        title_words = np.stack([self._title_words.scores(text) for text, _ in sentences])
        return Votes(meaning, words, title_words, vectors @ self._titles.T)
