"""What the talk is about: words that announce private data, in this utterance or in the one before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sotto.tenants.redaction_rules import PrivateKind

KindPatterns = tuple[tuple[PrivateKind, str], ...]
"""Regular expressions on plain text; of two that fit at one place the first counts."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Words that say what comes. A strong one ("card number") makes any digits beside it private and is remembered;
    a weak one ("card") only names digits that are suspect by themselves."""

    kind: PrivateKind
    start: int
    end: int
    strong: bool


@dataclass(frozen=True, slots=True)
class AnnouncingWords:
    """What announces private data in a language; ``other_question``: one whose answer is an ordinary number, so that
    what was awaited is awaited no more; ``innocent``: what a number is that is nobody's ("order number", "error")."""

    strong: re.Pattern[str]
    weak: re.Pattern[str]
    other_question: re.Pattern[str]
    innocent: re.Pattern[str]
    likely_name: re.Pattern[str]
    """Questions that a name may answer, but need not: "who was that?", "how is that spelled?"."""


def announcing_words(
    *,
    strong: KindPatterns,
    weak: KindPatterns,
    other_question: re.Pattern[str],
    innocent: re.Pattern[str],
    likely_name: re.Pattern[str],
) -> AnnouncingWords:
    return AnnouncingWords(_pattern(strong), _pattern(weak), other_question, innocent, likely_name)


def _pattern(kinds: KindPatterns) -> re.Pattern[str]:
    # Matched on text in lower case: four times as fast as IGNORECASE.
    return re.compile(r"\b(?:" + "|".join(f"(?P<{kind.name}>{words})" for kind, words in kinds) + ")")


def announcements_in(plain: str, words: AnnouncingWords) -> list[Announcement]:
    """In order of place; a weak one inside a strong one does not count."""
    strong = [
        Announcement(PrivateKind[m.lastgroup], *m.span(), True) for m in words.strong.finditer(plain) if m.lastgroup
    ]
    weak = [Announcement(PrivateKind[m.lastgroup], *m.span(), False) for m in words.weak.finditer(plain) if m.lastgroup]
    weak = [w for w in weak if not any(w.start < s.end and s.start < w.end for s in strong)]
    return sorted([*strong, *weak], key=lambda announcement: announcement.start)
