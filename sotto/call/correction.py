"""What somebody says that Sotto should have understood, shown or answered instead: one click on a card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CorrectionKind(StrEnum):
    OTHER_INTENT = "other_intent"
    """Not this intent: ``intent`` is the right one."""
    NO_INTENT = "no_intent"
    """None of the tenant's intents: nothing should have been shown."""
    BETTER_WORDS = "better_words"
    """``words``: what the agent should have been given to say."""
    ANSWER_WRONG = "answer_wrong"
    ANSWER_INCOMPLETE = "answer_incomplete"

    @property
    def labels(self) -> bool:
        """Whether it says what an utterance is. The others are about texts, and train no classifier."""
        return self in (CorrectionKind.OTHER_INTENT, CorrectionKind.NO_INTENT)


LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Correction:
    """``about``: the annotation or, where nothing was shown, the utterance. ``words`` are redacted before they come
    here. ``at_ms``: Unix epoch. The last one of an agent about something stands."""

    tenant: str
    contact_id: str
    about: str
    utterance_id: str
    agent: str
    kind: CorrectionKind
    at_ms: int
    intent: str = ""
    words: str = ""
