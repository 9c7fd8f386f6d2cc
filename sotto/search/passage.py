"""What is searched: an utterance or a line of a summary, with what it can be filtered by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

Vector = Sequence[float]
"""Of the base encoder, of length 1."""
DIMENSIONS = 384
LONGEST_TEXT = 8_000
"""Characters of an utterance that are searched; more is said by nobody before a pause."""
MOST_MOMENTS = 12


class Kind(StrEnum):
    UTTERANCE = "utterance"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Passage:
    """``number``: the utterance's sequence number, or the summary line's place from 1. ``start_ms``, ``end_ms``: call
    time; of a summary 0. ``at_ms``: when it was said, Unix epoch. ``language``: as a tag of BCP 47. ``moments``: that
    rest on this utterance; of a summary those of the call. ``score``: the lowest of the call's forms, a percentage.
    Strings are empty where nobody knows."""

    contact_id: str
    conversation_id: str
    kind: Kind
    number: int
    text: str
    start_ms: int = 0
    end_ms: int = 0
    at_ms: int = 0
    utterance_id: str = ""
    speaker: str = ""
    agent: str = ""
    team: str = ""
    queue: str = ""
    language: str = ""
    disposition: str = ""
    moments: tuple[str, ...] = ()
    score: float | None = None

    @property
    def key(self) -> str:
        """Unique in the tenant's index: the same passage written again takes the place of the one before."""
        return f"{self.contact_id}#{self.kind.value}#{self.number:06d}"

    @property
    def digest(self) -> str:
        """Of the text: one that has not changed keeps its vector."""
        return sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Who may see a passage: whoever had the call, and those who look after a team."""

    agent: str
    teams: frozenset[str] = frozenset()

    def sees(self, passage: Passage) -> bool:
        return passage.agent == self.agent or (passage.team != "" and passage.team in self.teams)


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """A passage must have all of these; an empty set asks for nothing. Times are Unix epoch ms, ``until_ms`` is not
    included. ``seen_by`` None: everybody's."""

    kinds: frozenset[Kind] = frozenset()
    speakers: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    dispositions: frozenset[str] = frozenset()
    moments: frozenset[str] = frozenset()
    """Any of them."""
    contacts: frozenset[str] = frozenset()
    conversations: frozenset[str] = frozenset()
    since_ms: int | None = None
    until_ms: int | None = None
    min_score: float | None = None
    max_score: float | None = None
    seen_by: SeenBy | None = None

    def takes(self, passage: Passage) -> bool:
        among = (
            (self.kinds, passage.kind),
            (self.speakers, passage.speaker),
            (self.agents, passage.agent),
            (self.teams, passage.team),
            (self.queues, passage.queue),
            (self.languages, passage.language),
            (self.dispositions, passage.disposition),
            (self.contacts, passage.contact_id),
            (self.conversations, passage.conversation_id),
        )
        return (
            all(not values or value in values for values, value in among)
            and (not self.moments or not self.moments.isdisjoint(passage.moments))
            and (self.since_ms is None or passage.at_ms >= self.since_ms)
            and (self.until_ms is None or passage.at_ms < self.until_ms)
            and self._takes_score(passage.score)
            and (self.seen_by is None or self.seen_by.sees(passage))
        )

    def _takes_score(self, score: float | None) -> bool:
        if self.min_score is None and self.max_score is None:
            return True
        return (
            score is not None
            and (self.min_score is None or score >= self.min_score)
            and (self.max_score is None or score <= self.max_score)
        )
