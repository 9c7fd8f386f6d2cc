"""Whether two sentences are about the same matter; then the newer one stands, and the older one is shown as what it was
before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sotto.core.content_words import content_words, stem
from sotto.insights.insight import Cited, Insight

ALIKE, FEWEST_SHARED = 0.5, 2
"""Of the words of both that are no values, so many are in both: a judgement, measured by ``sotto bench insights``."""
_VALUES = frozenset(
    stem(word)
    for word in (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand first second third"
        " fourth fifth sixth seventh eighth ninth tenth twentieth monday tuesday wednesday thursday friday saturday"
        " sunday january february march april may june july august september october november december today tomorrow"
        " tonight morning afternoon evening noon next week month year now instead actually"
        " eins zwei drei vier fünf sechs sieben acht neun zehn montag dienstag mittwoch donnerstag freitag samstag"
        " sonntag januar februar märz mai juni juli oktober dezember heute morgen jetzt"
    ).split()
)
_FIGURE = re.compile(r"\d")


def matter_words(text: str) -> frozenset[str]:
    """What a sentence is about: its words without figures, days and other values."""
    return frozenset(word for word in content_words(text) if word not in _VALUES and not _FIGURE.search(word))


def same_matter(one: str, other: str) -> bool:
    first, second = matter_words(one), matter_words(other)
    shared = first & second
    return len(shared) >= FEWEST_SHARED and len(shared) >= ALIKE * len(first | second)


def with_earlier(insights: Iterable[Insight]) -> list[Insight]:
    """Of each matter the newest, which shows what came before it. In the order of the newest first."""
    standing: list[Insight] = []
    for each in sorted(insights, key=lambda each: each.stands.order, reverse=True):
        at = next((at for at, other in enumerate(standing) if _is_about_the_same(each, other)), None)
        if at is None:
            standing.append(each)
        else:
            standing[at] = replace(standing[at], earlier=_added(standing[at], each.stands))
    return standing


def _added(newest: Insight, before: Cited) -> tuple[Cited, ...]:
    known = {(each.contact_id, each.utterance_ids) for each in (newest.stands, *newest.earlier)}
    return newest.earlier if (before.contact_id, before.utterance_ids) in known else (*newest.earlier, before)


def _is_about_the_same(one: Insight, other: Insight) -> bool:
    if one.kind is not other.kind:
        return False
    if one.matter or other.matter:
        return one.matter == other.matter
    return same_matter(one.stands.text, other.stands.text)
