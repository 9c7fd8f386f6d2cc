"""Which metric a question is about: by phrases of the lexicon, and where several or none are named, by meaning."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ruamel.yaml import YAML

from sotto.analytics.analyst.words import stem, words_of
from sotto.analytics.definition.metric import Catalogue, Metric

LEXICON = Path(__file__).with_name("lexicon.yaml")
BY_MEANING = 0.6
"""A cosine below it, of a question in which no phrase is found, is no answer."""
CLOSE = 0.12
"""Phrases whose weights are this near to each other leave the choice to the meaning."""
Phrase = tuple[frozenset[str], ...]
"""Words that must all be there; of each, its alternatives."""


class Meaning(Protocol):
    def likeness(self, question: str, texts: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
        """``texts``: what is written of each metric, by its name. The best cosine of any of them with the question;
        empty where nobody can tell."""
        ...


class NoMeaning:
    def likeness(self, question: str, texts: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
        return {}


@dataclass(frozen=True, slots=True)
class Match:
    """``matched``: stems of the phrase that was found; none where it was found by meaning alone."""

    metric: Metric
    matched: frozenset[str] = frozenset()


@dataclass
class Lexicon:
    """``phrases``, ``texts``: by metric, to be found by words and by meaning. ``plain``: stems that say nothing of
    which metric is meant."""

    synonyms: Mapping[str, str]
    phrases: Mapping[str, Sequence[Phrase]]
    texts: Mapping[str, Sequence[str]]
    not_measured: Sequence[str]
    plain: frozenset[str]
    _weights: dict[str, float] = field(default_factory=dict)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return self.plain | frozenset(
            word for phrases in self.phrases.values() for phrase in phrases for words in phrase for word in words
        )

    def stems(self, text: str) -> list[str]:
        return [self._stem(word) for word in words_of(text)]

    def _stem(self, word: str) -> str:
        one = stem(word)
        return self.synonyms.get(one, one)

    def weight(self, word: str) -> float:
        """The rarer among metrics, the more it says."""
        if not self._weights:
            counts = Counter(
                word
                for phrases in self.phrases.values()
                for word in {word for phrase in phrases for words in phrase for word in words}
            )
            total = len(self.phrases)
            self._weights = {word: math.log(1 + total / count) for word, count in counts.items()}
        return self._weights.get(word, 0.0)


def lexicon_of(catalogue: Catalogue, file: Path = LEXICON) -> Lexicon:
    written = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    synonyms = {stem(word): stem(str(other)) for word, other in written["synonyms"].items()}

    def stemmed(text: str) -> str:
        one = stem(text)
        return synonyms.get(one, one)

    def phrase(text: str) -> Phrase:
        return tuple(frozenset(stemmed(word) for word in part.split("|")) for part in _parts(text))

    phrases: dict[str, Sequence[Phrase]] = {}
    texts: dict[str, Sequence[str]] = {}
    for name, metric in catalogue.metrics.items():
        own = [metric.title, name.replace("_", " "), *metric.synonyms, *written["metrics"].get(name, ())]
        phrases[name] = [made for text in own if (made := phrase(text))]
        texts[name] = [metric.title, metric.note, *metric.synonyms, *written["asked"].get(name, ())]
    plain = frozenset(stemmed(word) for word in str(written["plain"]).split())
    return Lexicon(synonyms, phrases, texts, [str(each) for each in written["not_measured"]], plain)


_EMPTY = frozenset("of the a an in to with is are".split())


def _parts(text: str) -> Iterable[str]:
    return [part for part in text.casefold().replace(",", " ").split() if part not in _EMPTY]


def find_metric(question: str, lexicon: Lexicon, catalogue: Catalogue, meaning: Meaning) -> Match | None:
    """None where no metric is meant."""
    there = frozenset(lexicon.stems(question))
    scored = sorted(_scored(there, lexicon), key=lambda each: -each[0])
    unknown = [word for word in there if word not in lexicon.vocabulary and not word.isdigit()]
    if not scored or (unknown and scored[0][2] <= lexicon.plain):
        return _by_meaning(question, lexicon, catalogue, meaning)
    best = scored[0]
    rivals = [each for each in scored if each[0] >= best[0] * (1 - CLOSE)]
    if len(rivals) > 1:
        likeness = meaning.likeness(question, {name: lexicon.texts[name] for _, name, _ in rivals})
        best = max(rivals, key=lambda each: (likeness.get(each[1], 0.0), each[0]))
    if unknown and len(best[2]) < 2 and len(unknown) >= 2:
        return _by_meaning(question, lexicon, catalogue, meaning)  # one word that fits, among others that nobody knows
    return Match(catalogue.metrics[best[1]], best[2])


def _scored(there: frozenset[str], lexicon: Lexicon) -> Iterable[tuple[float, str, frozenset[str]]]:
    for name, phrases in lexicon.phrases.items():
        best: tuple[float, frozenset[str]] = (0.0, frozenset())
        for phrase in phrases:
            if all(words & there for words in phrase):
                matched = frozenset(word for words in phrase for word in words & there)
                best = max(best, (sum(map(lexicon.weight, matched)), matched), key=lambda each: each[0])
        if best[0]:
            yield best[0], name, best[1]


def _by_meaning(question: str, lexicon: Lexicon, catalogue: Catalogue, meaning: Meaning) -> Match | None:
    likeness = meaning.likeness(question, lexicon.texts)
    ranked = sorted(likeness, key=lambda each: -likeness[each])
    if not ranked or likeness[ranked[0]] < BY_MEANING:
        return None
    return Match(catalogue.metrics[ranked[0]])
