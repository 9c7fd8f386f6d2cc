"""What a conversation is about, out of the names that articles have: "how about pier market", five turns ago.

A question like "do they have parking" names nothing; its subject was named earlier, perhaps misheard. Words are
compared by their letter triples (Dice), so that a wrong letter costs little; rare words of a name count more, spoken
numbers hardly.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from model_containers.shard.base_encoder.embedding import Vectors

DECAY = 0.97
"""What a mention loses with every later turn."""
REMEMBERED = 512
"""Texts: with every turn the earlier ones come again."""
ALIKE = 0.55
"""Dice under which two words have nothing to do with each other."""
_WORD = re.compile(r"[a-z0-9]+")
_NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy "
    "eighty ninety hundred".split()
)
_OF_A_NUMBER = 0.2
_UNSURE = 0.5
"""Added to a name's weight: a short name of common words needs more than one of them."""


class Subjects:
    def __init__(self, names: Sequence[str]) -> None:
        worded = [_WORD.findall(name.lower()) for name in names]
        self._words = sorted({word for words in worded for word in words})
        places = {word: place for place, word in enumerate(self._words)}
        weights = _weights(worded, self._words)
        self._parts = np.zeros((len(names), len(self._words)), dtype=np.float32)
        for row, words in enumerate(worded):
            for word in words:
                self._parts[row, places[word]] += weights[word]
        self._parts /= self._parts.sum(axis=1, keepdims=True) + _UNSURE
        self._triples: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            for triple in _triples(word):
                self._triples[triple].append(place)
        self._sizes = np.array([len(_triples(word)) for word in self._words], dtype=np.float32)
        self._mentions = lru_cache(REMEMBERED)(self._compared)

    def scores(self, texts: Sequence[str]) -> Vectors:
        """Shape (names,), 0 to 1: how clearly each was mentioned. The latest text last."""
        best = np.zeros(len(self._parts), dtype=np.float32)
        if not self._words:
            return best
        for age, text in enumerate(reversed(texts)):
            best = np.maximum(best, self._parts @ self._mentions(text) * DECAY**age)
        return best

    def _compared(self, text: str) -> Vectors:
        """For each word of the names, how like it the likeliest word of the text is. Neighbours may be one word."""
        words_of_text = _WORD.findall(text.lower())
        mentions = np.zeros(len(self._words), dtype=np.float32)
        for word in {*words_of_text, *(a + b for a, b in zip(words_of_text, words_of_text[1:], strict=False))}:
            triples, shared = _triples(word), np.zeros(len(self._words), dtype=np.float32)
            for triple in triples:
                shared[self._triples.get(triple, [])] += 2
            mentions = np.maximum(mentions, shared / (len(triples) + self._sizes))
        mentions[mentions < ALIKE] = 0
        return mentions


def _weights(worded: Sequence[Sequence[str]], words: Sequence[str]) -> dict[str, float]:
    names = Counter(word for each in worded for word in set(each))
    rarity = {word: math.log(1 + len(worded) / names[word]) for word in words}
    return {word: rarity[word] * (_OF_A_NUMBER if word in _NUMBERS else 1.0) for word in words}


def _triples(word: str) -> set[str]:
    edged = f"##{word}#"
    return {edged[i : i + 3] for i in range(len(edged) - 2)}
