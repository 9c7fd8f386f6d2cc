"""How good the cards of a call were, judged by what a supervisor expects (``events/calls/*/cards.yaml``). Pure.

A card is what the panel shows as one: an action, or a grave moment for which no action came. Nobody answers the cards
here, so what is open is the most that an agent can have before them.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from sotto.call.annotation import Annotation, AnnotationKind

GRAVE = "high"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of ``names`` between these times of the call (ms)."""

    names: frozenset[str]
    from_ms: int
    to_ms: int

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Wanted:
        return cls(frozenset(entry["any"]), round(entry["from"] * 1000), round(entry["to"] * 1000))

    def met_by(self, card: Card) -> bool:
        return bool(self.names & card.names) and self.from_ms <= card.shown_ms <= self.to_ms


@dataclass(frozen=True, slots=True)
class Expectations:
    """``must``: the agent misses something without it. ``useful``: right, too. ``opposed``: not open together."""

    must: tuple[Wanted, ...]
    useful: tuple[Wanted, ...]
    opposed: tuple[frozenset[str], ...] = ()

    @classmethod
    def read(cls, content: Mapping[str, Any], team: str) -> Expectations:
        must, useful = (tuple(map(Wanted.read, content[team][kind])) for kind in ("must", "useful"))
        return cls(must, useful, tuple(frozenset(pair) for pair in content.get("opposed", ())))


@dataclass(frozen=True, slots=True)
class Card:
    """``names``: of the action, and of the articles that it cites. ``shown_ms`` .. ``gone_ms``: call time."""

    names: frozenset[str]
    shown_ms: int
    gone_ms: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An annotation, and the call time at which the engine gave it."""

    annotation: Annotation
    at_ms: int


@dataclass(frozen=True, slots=True)
class Judged:
    """``disturbing``: cards that nobody wanted then. ``missed``: what had to come and did not."""

    cards: int
    useful: int
    wanted: int
    found: int
    contradictions: tuple[str, ...]
    open_each_second: tuple[int, ...]
    minutes: float
    disturbing: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Over several calls."""

    calls: Sequence[Judged] = field(default_factory=tuple)

    @property
    def precision(self) -> float:
        return self._share("useful", "cards")

    @property
    def recall(self) -> float:
        return self._share("found", "wanted")

    @property
    def median_open(self) -> float:
        return statistics.median(count for call in self.calls for count in call.open_each_second)

    @property
    def most_open(self) -> int:
        return max(count for call in self.calls for count in call.open_each_second)

    @property
    def cards_a_minute(self) -> float:
        return sum(call.cards for call in self.calls) / sum(call.minutes for call in self.calls)

    @property
    def contradictions(self) -> int:
        return sum(len(call.contradictions) for call in self.calls)

    def _share(self, part: str, whole: str) -> float:
        counted, every = (sum(int(getattr(call, name)) for call in self.calls) for name in (part, whole))
        return counted / max(1, every)


def judge(shown: Sequence[Shown], expected: Expectations, ends_ms: int) -> Judged:
    cards = cards_of(shown, ends_ms)
    wanted = (*expected.must, *expected.useful)
    useful = [card for card in cards if any(one.met_by(card) for one in wanted)]
    missed = [one for one in expected.must if not any(one.met_by(card) for card in cards)]
    return Judged(
        cards=len(cards),
        useful=len(useful),
        wanted=len(expected.must),
        found=len(expected.must) - len(missed),
        contradictions=tuple(_contradictions(cards, expected.opposed)),
        open_each_second=tuple(
            sum(card.shown_ms <= at_ms < card.gone_ms for card in cards) for at_ms in range(0, ends_ms, 1000)
        ),
        minutes=ends_ms / 60_000,
        disturbing=tuple(_named(card) for card in cards if card not in useful),
        missed=tuple("/".join(sorted(one.names)) for one in missed),
    )


def cards_of(shown: Iterable[Shown], ends_ms: int) -> list[Card]:
    """In the order in which they came; each until it was taken back, its time was over, or the call ended."""
    every = list(shown)
    taken_back = {one.annotation.show["withdraws"]: one.at_ms for one in every if one.annotation.show.get("withdraws")}
    return [_card(one, taken_back, ends_ms) for one in every if _is_card(one, every)]


def _is_card(one: Shown, every: Sequence[Shown]) -> bool:
    made = one.annotation
    if made.show.get("withdraws"):
        return False
    answered = {other.annotation.utterance_id for other in every if other.annotation.kind is AnnotationKind.ACTION}
    return made.kind is AnnotationKind.ACTION or (made.severity == GRAVE and made.utterance_id not in answered)


def _card(one: Shown, taken_back: Mapping[str, int], ends_ms: int) -> Card:
    made = one.annotation
    cited = [citation["article"] for citation in made.show.get("citations", ())]
    own = [made.name] if not cited or made.name not in ("knowledge_answer",) else []
    expires_ms = made.show.get("expires_ms")
    over_ms = ends_ms if expires_ms is None else one.at_ms + expires_ms
    return Card(frozenset([*own, *cited]), one.at_ms, min(taken_back.get(made.id, ends_ms), over_ms, ends_ms))


def _contradictions(cards: Sequence[Card], opposed: Sequence[frozenset[str]]) -> Iterable[str]:
    for pair in opposed:
        for one, other in combinations(cards, 2):
            first, second = one.names & pair, other.names & pair
            apart = first and second and not first & second
            if apart and max(one.shown_ms, other.shown_ms) < min(one.gone_ms, other.gone_ms):
                yield f"{_named(one)} beside {_named(other)}"


def _named(card: Card) -> str:
    return f"{'+'.join(sorted(card.names))} at {card.shown_ms / 1000:.0f} s"
