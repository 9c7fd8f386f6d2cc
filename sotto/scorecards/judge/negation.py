"""Whether words that were found are denied where they stand: "this call is not recorded" is no disclosure.

Looked for in the clause of the match: in English before it and inside it, in German after it, too ("die Nummer brauche
ich nicht"). What a tenant's own wording denies ("never ask for your pin") is no denial of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sotto.call.language import primary

_CLAUSE = re.compile(r"[.!?;:]+|,\s+|\s[-–—]\s|\b(?:but|aber|sondern)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w$%]+(?:['’]\w+)*")
_DENIALS = {
    "en": re.compile(
        r"\b(?:not|never|no|none|nothing|neither|nor|cannot|without|unable|instead of|rather than|forgot|forget|skip\w*"
        r"|leave out|left out|never mind)\b|\w+n['’]t\b|\b(?:ca|do|wo|is|are|did|does|was|could|would|have|has)nt\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:nicht|nie|niemals|kein\w*|nichts|ohne|weder|statt|vergess\w+|überspring\w+|unnötig)\b", re.IGNORECASE
    ),
}
_DENIES_LAST = frozenset({"de"})
_APOLOGY = re.compile(
    r"\b(?:should|must|ought to)(?: not|n['’]t| never) (?:have|happen)\w*|\bsollte (?:so )?nicht\b", re.IGNORECASE
)
"""That something should not have happened denies nothing of what the agent does."""
_FORMULAS = re.compile(
    r"\bnot only\b|\bno problem\b|\bno worries\b|\bkein problem\b|\bwhy (?:not|don['’]t)\b"
    r"|\b(?:pay|pays|costs?)(?: you)? nothing\b|\bno (?:extra |additional |further )?(?:charge|cost|fee)s?\b",
    re.IGNORECASE,
)


def denials(text: str, language: str) -> list[tuple[int, int]]:
    """(start, end) of each word that denies; empty for a language that nobody has listed."""
    words = _DENIALS.get(primary(language))
    if words is None:
        return []
    spared = [found.span() for pattern in (_APOLOGY, _FORMULAS) for found in pattern.finditer(text)]
    found = [match.span() for match in words.finditer(text)]
    return [span for span in found if not any(first <= span[0] < last for first, last in spared)]


def denies(text: str, language: str) -> bool:
    return bool(denials(text, language))


def own_denials(wording: Iterable[str], language: str) -> bool:
    """Whether a tenant's own wording for something denies in itself: most of it. One example of many that has a "not"
    in it would let every denial pass."""
    denying = [denies(each, language) for each in wording]
    return 2 * sum(denying) > len(denying)


def is_denied(text: str, start: int, end: int, language: str) -> bool:
    """Of a match of wording that has no denial of its own."""
    begins = max((each.end() for each in _CLAUSE.finditer(text) if each.end() <= start), default=0)
    ends = end
    if primary(language) in _DENIES_LAST:
        ends = min((each.start() for each in _CLAUSE.finditer(text) if each.start() >= end), default=len(text))
    return any(begins <= first < ends for first, _ in denials(text, language))


def is_denied_somewhere(text: str, language: str) -> bool:
    """Of what a model found, which says no place: in the clause that says most."""
    clauses = [each for each in _CLAUSE.split(text) if each and each.strip()]
    if not clauses:
        return False
    longest = max(clauses, key=lambda each: len(_WORD.findall(each)))
    return denies(longest, language)
