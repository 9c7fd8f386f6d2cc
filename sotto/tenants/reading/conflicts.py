"""Warnings about a book that can be published: cards that contradict each other, that say the same twice, or that a
summary would report in the words of a suggestion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from sotto.core.content_words import content_words
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook import Condition, Detected, Happened, Phrases, PlaybookAction, walk
from sotto.tenants.together import active_together

MOST_NAMED = 8
_DENIES = re.compile(
    r"\b(?:not|never|no|cannot|instead|closed|nicht|nie|kein\w*|statt\w*|geschlossen)\b|n['’]t\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Warned:
    """``action``: where it should be said."""

    action: str
    message: str


def warnings(book: TenantBook, titles: Mapping[str, str]) -> list[Warned]:
    """``titles`` of the articles, by id."""
    return [*_opposites(book), *_doubles(book, titles), *_without_done_text(book)]


def _opposites(book: TenantBook) -> Iterator[Warned]:
    for (set_a, one), (set_b, other) in combinations(_actions(book), 2):
        if _meet(one, other) and _contradict(one, other) and (set_a == set_b or active_together(book, set_a, set_b)):
            yield Warned(
                other.name,
                f"'{other.show.title}' and '{one.show.title}' ({one.name}) can be shown for the same words, and one of"
                f" them denies something; if they contradict, write 'instead_of: {one.name}' here (or 'instead_of:"
                f" {other.name}' there), or leave one of their sets out in the policy that brings the other",
            )


def _actions(book: TenantBook) -> list[tuple[str, PlaybookAction]]:
    return [(one.name, action) for one in book.playbook.sets for action in one.actions]


def _meet(one: PlaybookAction, other: PlaybookAction) -> bool:
    """Whether the same moment, words or label of a model can bring up both."""
    return bool(_causes(one.when) & _causes(other.when))


def _causes(condition: Condition | None) -> set[str]:
    if condition is None:
        return set()
    return {cause for part in walk(condition) for cause in _named(part)}


def _named(part: Condition) -> Iterable[str]:
    match part:
        case Happened(name=name):
            return [name]
        case Detected(task=task, labels=labels):
            return [f"{task}:{label}" for label in labels]
        case Phrases(phrases=phrases):
            return [f"phrases:{phrase}" for phrase in phrases]
        case _:
            return []


def _contradict(one: PlaybookAction, other: PlaybookAction) -> bool:
    """A guess: both titles have a word in common with the other card, and one of the cards denies something."""
    if other.name in one.instead_of or one.name in other.instead_of:
        return False
    return bool(_DENIES.search(_words(one)) or _DENIES.search(_words(other))) and bool(
        set(content_words(one.show.title)) & set(content_words(_words(other)))
        and set(content_words(other.show.title)) & set(content_words(_words(one)))
    )


def _words(action: PlaybookAction) -> str:
    return f"{action.show.title}. {action.show.text}"


def _doubles(book: TenantBook, titles: Mapping[str, str]) -> Iterator[Warned]:
    by_words = {frozenset(content_words(title)): article for article, title in titles.items()}
    for _, action in _actions(book):
        article = by_words.get(frozenset(content_words(action.show.title)))
        if article is not None and action.show.source is None:
            yield Warned(
                action.name,
                f"'{action.show.title}' and the article '{titles[article]}' are about the same; write"
                f" 'article: {article}' under 'show', and the agent gets one card, with the article behind it",
            )


def _without_done_text(book: TenantBook) -> Iterator[Warned]:
    """One warning for all: a playbook that was written before has none."""
    lacking = [action.name for _, action in _actions(book) if action.when is not None and not action.show.done_text]
    if lacking:
        more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
        yield Warned(
            lacking[0],
            "a summary tells what was done in the words of the card, unless 'show' has a 'done_text', such as"
            f" 'Refunded two fees'; without one: {', '.join(lacking[:MOST_NAMED])}{more}",
        )
