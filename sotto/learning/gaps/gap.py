"""A gap: an utterance that is none of the tenant's intents, or a question that no article answers; and groups of them.

The words of a gap are redacted and live in its contact's own partition, gone with it. A group holds none of them: only
phrases that several calls share.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FEWEST_WORDS = 4
"""Below, words mean what was asked before them."""
FEWEST_MEMBERS = 5
"""Of a group, and of the examples that a new intent begins with: of fewer one in five, by which releases are judged,
leaves too little to learn from."""
FEWEST_CALLS = 3
"""That share a phrase before a group is named by it: what one customer said names nothing."""


class GapKind(StrEnum):
    INTENT = "intent"
    """Customers want something that no intent is for."""
    ARTICLE = "article"
    """Agents asked something that no article answers."""


class GroupState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    """As a new intent, or as an article to write: ``label`` names it."""
    MERGED = "merged"
    """It is what ``label`` is: an intent that there is, an article that covers it, or another group."""
    IGNORED = "ignored"
    """It stays so whenever gaps are grouped again."""


@dataclass(frozen=True, slots=True)
class Gap:
    """``id``: of the utterance, or of the question within its contact. ``text``: redacted. ``consent``: by what the
    customer agreed to learning, for audit. ``group``: the id of its group, empty before it has one. ``confidence``: the
    recogniser's, 0..1. ``at_ms``: Unix epoch."""

    tenant: str
    contact_id: str
    id: str
    kind: GapKind
    text: str
    at_ms: int
    consent: str
    confidence: float = 1.0
    group: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class GapGroup:
    """``phrases``: what its members share, the most telling first; none where no three calls share one. ``members``,
    ``calls``: how many gaps and contacts were in it when it was grouped. ``nearest``: the intent or article that is
    nearest, with its likeness ``near`` (cosine, -1..1); empty where there is none. ``centre``: the mean reading of its
    members, signed bytes in base64, by which it is known again. ``label``: what became of it; ``into``: the group that
    it was merged into. ``kept``: another group was merged into it, so that it stays together. Times are Unix epoch."""

    tenant: str
    id: str
    kind: GapKind
    phrases: tuple[str, ...]
    members: int
    calls: int
    centre: str
    made_at_ms: int
    nearest: str = ""
    near: float = 0.0
    state: GroupState = GroupState.OPEN
    label: str = ""
    into: str = ""
    kept: bool = False
    who: str = ""
    changed_at_ms: int = 0
    version: int = 1

    @property
    def stays(self) -> bool:
        """Whatever is grouped anew: a person has said something about it."""
        return self.kept or self.state is not GroupState.OPEN


def group_id(members: Iterable[tuple[str, str]]) -> str:
    """Of contacts and ids of the gaps that a group begins with."""
    content = "\n".join(f"{contact_id}\0{id}" for contact_id, id in sorted(members))
    return hashlib.sha256(content.encode()).hexdigest()[:12]
