"""An insight: one thing that is known of a customer, with what it rests on, and for how long it is worth knowing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

DAY_MS = 86_400_000


class InsightKind(StrEnum):
    NEED = "need"
    """What the customer wants done."""
    RISK = "risk"
    """What speaks for losing them."""
    OPPORTUNITY = "opportunity"
    """What they might want beside it."""
    PROMISE = "promise"
    """What somebody committed to."""
    PREFERENCE = "preference"
    """How they want to be treated."""


class Act(StrEnum):
    """What an insight recommends."""

    KEEP_PROMISE = "keep_promise"
    CALL_BACK = "call_back"
    AWAIT = "await"
    RESOLVE = "resolve"
    WIN_BACK = "win_back"
    FIND_CAUSE = "find_cause"
    OFFER = "offer"
    RESPECT = "respect"


WORDS = {
    Act.KEEP_PROMISE: "Keep it by the day that was named.",
    Act.CALL_BACK: "Its day is over: call back before the customer does, and say what became of it.",
    Act.AWAIT: "The customer said so; ask about it in the next conversation.",
    Act.RESOLVE: "See whether it was done; if not, do it or say when.",
    Act.WIN_BACK: "Speak to the customer before they decide.",
    Act.FIND_CAUSE: "It came up again: find its cause before answering it once more.",
    Act.OFFER: "Say what there is that fits.",
    Act.RESPECT: "Do it so, and tell whoever calls next.",
}
"""An action in words, as it is recommended."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence with what it rests on. ``text``: redacted, as it was spoken or as the playbook words it.
    ``utterance_ids``: at least one. ``at_ms``: Unix epoch, when the conversation began."""

    text: str
    contact_id: str
    utterance_ids: tuple[str, ...]
    at_ms: int

    @property
    def order(self) -> tuple[int, str, tuple[str, ...]]:
        return (self.at_ms, self.contact_id, self.utterance_ids)


@dataclass(frozen=True, slots=True)
class Insight:
    """``stands``: what holds now. ``earlier``: what the same matter was before, the newest first. ``confidence``: 0 to
    1; ``impact``: 1 to 10; ``expires_at_ms``: Unix epoch, from which on it is not shown. ``matter``: what it is about,
    where rules know; else it is found by the words."""

    kind: InsightKind
    stands: Cited
    confidence: float
    impact: int
    expires_at_ms: int
    act: Act
    earlier: tuple[Cited, ...] = ()
    matter: str = ""

    @property
    def id(self) -> str:
        rests_on = "\0".join((self.kind, self.stands.contact_id, *self.stands.utterance_ids, self.stands.text))
        return "ins_" + sha256(rests_on.encode()).hexdigest()[:20]
