"""Whether a text denies what another one affirms, word by word: a word is in the scope of a "not", or it is not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sotto.core.content_words import content_words
from sotto.tenants.article_text import sentences

_NEGATION = re.compile(
    r"(?:not|never|no|cannot|can['’]?t|without|nobody|none|nothing|neither|nor|unable|\w+n['’]t|nicht|nie|niemand|ohne|kein\w*)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W_]+(?:['’][^\W_]+)?|[.,;:!?]")
_ENDS = re.compile(
    r"[.,;:!?]|but|and|because|so|although|though|while|until|unless|except|then|or|that|which|who|since"
    r"|aber|und|weil|obwohl|sondern|oder|dass",
    re.IGNORECASE,
)
"""Where a clause ends: a negation denies its own, in whichever order a passive brings the words."""


def contradicted(claim: str, evidence: Sequence[str]) -> float:
    """Share of the claim's words that its source holds in the other polarity alone. The source is the sentence of the
    evidence that has most of the claim's words; what stands around it may well say the contrary of something else."""
    own = list(_polarities(claim))
    found = [_shared(own, text) for each in evidence for text in sentences(each)]
    denied, shared = max(found, key=lambda counts: (counts[1], -counts[0]), default=(0, 0))
    return denied / shared if shared else 0.0


def _shared(own: Sequence[tuple[str, bool]], text: str) -> tuple[int, int]:
    """How many of the words there are denied in one text alone, and how many there are."""
    there: defaultdict[str, set[bool]] = defaultdict(set)
    for word, is_denied in _polarities(text):
        there[word].add(is_denied)
    shared = [(word, is_denied) for word, is_denied in own if word in there]
    return sum(is_denied not in there[word] for word, is_denied in shared), len(shared)


def _polarities(text: str) -> Iterator[tuple[str, bool]]:
    """Each content word's stem, and whether its clause is denied. Figures are compared elsewhere."""
    clause: list[str] = []
    is_denied = False
    for token in (*_TOKEN.findall(text), "."):
        if _ENDS.fullmatch(token):
            yield from ((stem, is_denied) for stem in clause)
            clause, is_denied = [], False
        elif _NEGATION.fullmatch(token):
            is_denied = True
        elif not token[0].isdigit():
            clause += content_words(token)
