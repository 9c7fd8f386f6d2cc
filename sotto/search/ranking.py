"""The order in which candidates are shown.

Reciprocal rank fusion finds the candidates: whatever either search puts far ahead is among them. For their order it
says too little, since a word that half of all utterances have counts by rank as much as a name that one has. So they
are put in order by how much they mean the question, and by which share of its words they have, weighed by how rare
each word is among the candidates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from sotto.search.index import Candidate
from sotto.search.query import Said
from sotto.search.words import Word, tokens

BY_WORDS = 0.25
"""What all words of the question are worth, in cosine."""


def ranked(candidates: Sequence[Candidate], said: Said) -> list[Candidate]:
    """Best first; what is equal keeps its place. ``score`` is what they were put in order by."""
    words = said.all_words
    stems = [{token.stem for token in tokens(each.passage.text, each.passage.language)} for each in candidates]
    rarity = {word: _rarity(sum(1 for text in stems if text & word), len(stems)) for word in words}
    least = min((each.likeness for each in candidates if each.likeness is not None), default=0.0)
    scored = [
        replace(each, score=_likeness(each, least) + BY_WORDS * _covered(text, rarity))
        for each, text in zip(candidates, stems, strict=True)
    ]
    return sorted(scored, key=lambda each: -each.score)


def _likeness(candidate: Candidate, least: float) -> float:
    """Of one that the search by meaning did not give: it is no closer than those that it gave."""
    return candidate.likeness if candidate.likeness is not None else least


def _covered(text: set[str], rarity: dict[Word, float]) -> float:
    whole = sum(rarity.values())
    return sum(weight for word, weight in rarity.items() if text & word) / whole if whole else 0.0


def _rarity(holding: int, candidates: int) -> float:
    return math.log(1 + (candidates - holding + 0.5) / (holding + 0.5))
