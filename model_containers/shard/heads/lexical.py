"""BM25: the words that a question and a passage share, rare ones first. Catches names that embeddings blur."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from model_containers.shard.base_encoder.embedding import Vectors

_WORD = re.compile(r"[a-z0-9]+")
_K1, _B = 1.2, 0.75
_IGNORED = frozenset(
    _WORD.findall(
        "a an and are as at be but by can could do does for from had has have how i if in is it its just me my of on "
        "or so that the there they this to want was we were what when which who will with would you your um uh like"
    )
)


def words_of(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _IGNORED]


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class Bm25:
    """https://en.wikipedia.org/wiki/Okapi_BM25 with k1 = 1.2, b = 0.75."""

    def __init__(self, passages: Sequence[str]) -> None:
        counts = [Counter(words_of(passage)) for passage in passages]
        lengths = np.array([max(1, sum(count.values())) for count in counts], dtype=np.float32)
        self._norm = _K1 * (1 - _B + _B * lengths / lengths.mean()) if counts else lengths
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for place, count in enumerate(counts):
            for word, times in count.items():
                self._postings.setdefault(word, []).append((place, times))
        self._total = len(counts)

    def scores(self, question: str) -> Vectors:
        """Shape (passages,), between 0 and 1: the share of the question's weight that a passage covers."""
        scores, most = np.zeros(self._total, dtype=np.float32), 0.0
        for word in set(words_of(question)):
            found = self._postings.get(word, [])
            rarity = math.log(1 + (self._total - len(found) + 0.5) / (len(found) + 0.5))
            most += rarity * (_K1 + 1)
            for place, times in found:
                scores[place] += rarity * times * (_K1 + 1) / (times + self._norm[place])
        return scores / most if most else scores
