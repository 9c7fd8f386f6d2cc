"""What a text may take into account of a call, beside the words that it answers: read where the text is written, so
that no runner carries it.

It says what is meant and what was said already. It is no source: what a text claims rests on passages alone
(sotto.generation.citations).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from sotto.call.utterance import Utterance

CHARACTERS_PER_TOKEN = 3
"""Fewer than English has (about four), so that German, figures and odd names stay within a budget as well."""
MOST_MOMENTS = 8
MOST_FACTS = 10
LONGEST_FACT = 120
LONGEST_TURN = 600
_PRIVATE = re.compile(r"\d(?:[\s./()-]{0,2}\d){5,}|\S@\S")
"""A number of somebody's (an account, a card, a telephone) or an address: no text needs one to be polite."""


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """Redacted, as it is stored."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class ConversationSoFar:
    """``turns``: before the words that are answered, the oldest first. ``moments``: titles of what was noticed and is
    still open, the oldest first. ``customer``: contact attributes that the tenant lets texts see, by name."""

    turns: tuple[SpokenTurn, ...] = ()
    moments: tuple[str, ...] = ()
    customer: Mapping[str, str] = field(default_factory=dict)

    def words(self) -> str:
        """All of it, for comparing."""
        return "\n".join([*(turn.text for turn in self.turns), *self.moments, *self.customer.values()])


NOTHING_BEFORE = ConversationSoFar()


class ReadsConversation(Protocol):
    def before(self, utterance: Utterance) -> ConversationSoFar:
        """Never raises and takes 200 ms at most: what cannot be read in time is left out."""
        ...


Item = TypeVar("Item")


def tokens(text: str) -> int:
    """An estimate that is rather too high: nobody but the provider knows its tokens."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def within(so_far: ConversationSoFar, budget: int) -> ConversationSoFar:
    """What fits into ``budget`` tokens. Of customer and moments, a quarter each at most; the latest turns have the
    rest."""
    customer = dict(_fitting(_facts(so_far.customer), budget // 4, lambda fact: tokens(f"{fact[0]}: {fact[1]}") + 4))
    moments = _latest(so_far.moments[-MOST_MOMENTS:], budget // 4)
    left = budget - sum(tokens(f"{name}: {value}") + 4 for name, value in customer.items())
    left -= sum(tokens(title) + 4 for title in moments)
    turns = [replace(turn, text=_ending(turn.text)) for turn in so_far.turns if turn.text.strip()]
    chosen = _fitting(reversed(turns), left, lambda turn: tokens(turn.text) + 8)
    return ConversationSoFar(tuple(chosen[::-1]), moments, customer)


def _facts(customer: Mapping[str, str]) -> list[tuple[str, str]]:
    """Values are whatever a flow has put there, so what looks private goes, allowed or not."""
    trimmed = [(name, value.strip()[:LONGEST_FACT]) for name, value in customer.items() if not _PRIVATE.search(value)]
    return [fact for fact in trimmed if fact[1]][:MOST_FACTS]


def _latest(titles: Sequence[str], budget: int) -> tuple[str, ...]:
    return tuple(_fitting(reversed(titles), budget, lambda title: tokens(title) + 4)[::-1])


def _fitting(items: Iterable[Item], budget: int, cost: Callable[[Item], int]) -> list[Item]:
    """The first ones, as far as the budget goes: a gap among turns would change what they say."""
    kept = []
    for item in items:
        budget -= cost(item)
        if budget < 0:
            break
        kept.append(item)
    return kept


def _ending(text: str) -> str:
    """What a long turn ends with is what is answered next."""
    return text if len(text) <= LONGEST_TURN else "…" + text[-LONGEST_TURN:].split(" ", 1)[-1]
