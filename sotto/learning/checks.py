"""What a machine can say against an example before a person looks: warnings, which stand beside it in the queue.

Some stop an example at once (``STOPS``): it holds nothing that could be learned, or somebody is trying to have it
learned. The others are a reviewer's to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sotto.learning.example import normal

TOO_SHORT = "too_short"
TOO_LONG = "too_long"
ONLY_PRIVATE = "only_private"
INSTRUCTION = "instruction"
REPEATED = "repeated"
CONTRADICTION = "contradiction"
KNOWN_PHRASE = "known_phrase"
DOUBTFUL = "doubtful"
"""A model that never saw it finds another label likelier (sotto.learning.confident): one more person looks."""
STOPS = frozenset({TOO_SHORT, TOO_LONG, ONLY_PRIVATE, INSTRUCTION})
FEWEST_WORDS, MOST_WORDS = 2, 60
"""Below, words mean what was asked before them; above, an utterance is about several things."""
_MASK = re.compile(r"\[[a-z_ ]+\]|<[A-Za-z_]+>|\*{2,}|#{2,}", re.IGNORECASE)
_OVERRIDE = r"(?:ignore|disregard|forget|override|bypass)"
_RULES = r"(?:instruction|prompt|rule|guideline|direction|polic)"
_INSTRUCTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_OVERRIDE}\b.{{0,40}}\b(?:previous|prior|above|earlier|all|your|the)\b.{{0,40}}\b{_RULES}",
        r"\b(?:system|developer) (?:prompt|message)\b",
        r"\byou are now\b.{0,60}\b(?:mode|assistant|model|ai|dan)\b",
        r"\b(?:always|never) (?:answer|respond|reply|label|classify|say)\b",
        r"<\s*/?\s*(?:system|assistant|user|instructions?)\s*>|\[/?INST\]|```",
        r"\b(?:reveal|print|repeat|show)\b.{0,30}\b(?:system prompt|your instructions|hidden)\b",
    )
)


def warnings_of(text: str) -> tuple[str, ...]:
    """Of the words alone."""
    found = []
    spoken = normal(_MASK.sub(" ", text))
    words = spoken.split()
    if not spoken and text.strip():
        found.append(ONLY_PRIVATE)
    elif len(words) < FEWEST_WORDS:
        found.append(TOO_SHORT)
    elif len(words) > MOST_WORDS:
        found.append(TOO_LONG)
    if any(pattern.search(text) for pattern in _INSTRUCTIONS):
        found.append(INSTRUCTION)
    return tuple(found)


def warnings_beside(text: str, label: str, known: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Beside what is accepted: pairs of words and label."""
    mine, labels = normal(text), set()
    for other, other_label in known:
        if normal(other) == mine:
            labels.add(other_label)
    if not labels:
        return ()
    return (REPEATED,) if not label or labels == {label} else (CONTRADICTION,)


def contradictions(examples: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """The same words under several labels: normal words -> labels. Nobody learns from either until one is withdrawn."""
    found: dict[str, set[str]] = {}
    for text, label in examples:
        found.setdefault(normal(text), set()).add(label)
    return {words: frozenset(labels) for words, labels in found.items() if len(labels) > 1}


def leaks(judged: Iterable[str], learned: Iterable[str], *, alike: float = 0.9) -> tuple[str, ...]:
    """Of ``learned``, what has nearly the same words as something that releases are judged by: the share of words in
    common (Jaccard) is at least ``alike``. Exact repetitions are on one side already (``is_for_regression``)."""
    sides = [frozenset(normal(text).split()) for text in judged]
    by_word: dict[str, list[int]] = {}
    for place, words in enumerate(sides):
        for word in words:
            by_word.setdefault(word, []).append(place)
    found = []
    for text in learned:
        words = frozenset(normal(text).split())
        shared: dict[int, int] = {}
        for word in words:
            for place in by_word.get(word, ()):
                shared[place] = shared.get(place, 0) + 1
        if any(count / (len(words) + len(sides[place]) - count) >= alike for place, count in shared.items()):
            found.append(text)
    return tuple(found)
