"""Finds moments of conversations: by what was said, by what it means, and in which order.

The index answers with its best candidates; phrases, exclusions and order are judged here, on the candidates. So a
result says how many candidates there were and whether there may be more that nobody looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.core.errors import Degraded, Retryable
from sotto.search.index import Asked, Candidate, Candidates, SearchIndex
from sotto.search.passage import Kind, Passage, PassageFilter, Vector
from sotto.search.query import Order, Said, SearchQuery
from sotto.search.ranking import ranked
from sotto.search.words import Span, places_of, tokens

LEAST_LIKENESS = 0.3
"""What has no word of the question must mean at least so much of it: something is always the closest."""
SURELY_MEANT = 0.6
"""As said BEFORE or AFTER something else counts what has all words, or means this much of it."""
MOST_CONVERSATIONS = 50
"""Of those with one side of BEFORE or AFTER, in which the other side is looked for."""


class TextVectors(Protocol):
    def vectors(self, tenant: str, texts: Sequence[str]) -> Sequence[Vector]:
        """Of each text, in order. Raises Retryable or Degraded where nobody can say now."""
        ...


@dataclass(frozen=True, slots=True)
class FoundMoment:
    """``highlights``: where words of the question stand, in characters of the text, by place. ``beside``: of a search
    with BEFORE or AFTER the closest utterance that makes it true."""

    passage: Passage
    score: float
    highlights: tuple[Span, ...]
    beside: FoundMoment | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``candidates``: how many the index gave. ``may_miss``: more may be there that were no candidates. ``by_meaning``
    False: the encoder did not answer, and words alone were searched."""

    moments: tuple[FoundMoment, ...]
    candidates: int
    may_miss: bool
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class FindPorts:
    index: SearchIndex
    vectors: TextVectors


def find(tenant: str, query: SearchQuery, wanted: PassageFilter, ports: FindPorts, *, most: int = 20) -> SearchResult:
    """Best first. Raises IndexUnavailable."""
    sides = [query.said, *([query.other] if query.other is not None else [])]
    vectors = _vectors(tenant, sides, ports)
    if query.order is not None:  # a summary has no time in the call
        wanted = replace(wanted, kinds=frozenset({Kind.UTTERANCE}))
    found = ports.index.candidates(tenant, Asked(query.said, vectors[0], wanted))
    by_meaning = vectors[0] is not None
    if query.order is None or query.other is None:
        kept = _kept(found.found, query.said, wanted, _is_about)
        moments = tuple(_moment(each, query.said) for each in kept[:most])
        return SearchResult(moments, len(found.found), found.may_miss, by_meaning)
    first = _kept(found.found, query.said, wanted, _has_surely)
    conversations = list(dict.fromkeys(each.passage.conversation_id for each in first))
    looked_in = frozenset(conversations[:MOST_CONVERSATIONS])
    there = replace(wanted, conversations=looked_in)
    others = Candidates((), False)
    if looked_in:
        others = ports.index.candidates(tenant, Asked(query.other, vectors[1], there))
    second = _kept(others.found, query.other, there, _has_surely)
    moments = tuple(_ordered(first, second, query))[:most]
    may_miss = found.may_miss or others.may_miss or len(conversations) > MOST_CONVERSATIONS
    return SearchResult(moments, len(found.found) + len(others.found), may_miss, by_meaning)


def _vectors(tenant: str, sides: Sequence[Said], ports: FindPorts) -> list[Vector | None]:
    try:
        return list(ports.vectors.vectors(tenant, [each.text for each in sides]))
    except (Retryable, Degraded):
        return [None] * len(sides)


def _kept(
    found: Iterable[Candidate], said: Said, wanted: PassageFilter, takes: Callable[[Candidate, Said], bool]
) -> list[Candidate]:
    """In order. The filter is asked again: an index that answers with more than it was asked for must not show it."""
    kept = [each for each in found if wanted.takes(each.passage) and _has_phrases(each, said) and takes(each, said)]
    return ranked(kept, said)


def _has_phrases(candidate: Candidate, said: Said) -> bool:
    text = tokens(candidate.passage.text, candidate.passage.language)
    if any(places_of(each, text) for each in said.excluded):
        return False
    return all(places_of(each, text) for each in said.phrases)


def _is_about(candidate: Candidate, said: Said) -> bool:
    return candidate.has_words or (candidate.likeness or 0.0) >= LEAST_LIKENESS


def _has_surely(candidate: Candidate, said: Said) -> bool:
    if not said.words and said.phrases:
        return True
    stems = {each.stem for each in tokens(candidate.passage.text, candidate.passage.language)}
    return all(word & stems for word in said.words) or (candidate.likeness or 0.0) >= SURELY_MEANT


def _ordered(first: Sequence[Candidate], second: Sequence[Candidate], query: SearchQuery) -> Iterable[FoundMoment]:
    assert query.other is not None
    by_conversation: defaultdict[str, list[Candidate]] = defaultdict(list)
    for each in second:
        by_conversation[each.passage.conversation_id].append(each)
    for each in first:
        beside = [
            other
            for other in by_conversation[each.passage.conversation_id]
            if other.passage.key != each.passage.key and _is_in_order(each.passage, other.passage, query.order)
        ]
        if beside:
            closest = min(beside, key=lambda other: _distance(each.passage, other.passage))
            yield replace(_moment(each, query.said), beside=_moment(closest, query.other))


def _is_in_order(one: Passage, other: Passage, order: Order | None) -> bool:
    return _is_earlier(one, other) if order is Order.BEFORE else _is_earlier(other, one)


def _is_earlier(one: Passage, other: Passage) -> bool:
    """Within a call by its own time; two legs of a conversation by the clock, which is Connect's for both."""
    if one.contact_id == other.contact_id:
        return (one.start_ms, one.number) < (other.start_ms, other.number)
    return one.at_ms < other.at_ms


def _distance(one: Passage, other: Passage) -> int:
    return abs(one.at_ms - other.at_ms)


def _moment(candidate: Candidate, said: Said) -> FoundMoment:
    return FoundMoment(candidate.passage, candidate.score, highlights(candidate.passage, said))


def highlights(passage: Passage, said: Said) -> tuple[Span, ...]:
    """Spans that touch are one."""
    text = tokens(passage.text, passage.language)
    spans = [span for phrase in said.phrases for span in places_of(phrase, text)]
    spans += [span for word in said.words for span in places_of([word], text)]
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
