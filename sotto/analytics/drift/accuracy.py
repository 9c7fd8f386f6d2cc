"""How many answers are right, without labels: what the model expects by how sure it is, less what customers want that
it does not know.

Confidence alone (confidence-based performance estimation, NannyML) is honest where known wishes come in another mix. Of
wishes that it does not know a model is far surer than it is right; but it doubts more. So much more doubt as such
wishes cause is therefore counted as that share of them, none of which is answered right. Words that are recognised less
surely cause doubt as well: where they are, confidence alone is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

MORE_DOUBT = 0.85
"""Nats by which a model doubts more of wishes that it does not know, and calls by one of its own names; and
``DOUBT_OF_NONE`` of those that it rightly calls none: on average, of BANKING77 with 24 intents left out in three groups
and CLINC150 beside it (benchmarks/drift.py, the part that choices are made on)."""
DOUBT_OF_NONE = 1.5


@dataclass(frozen=True, slots=True)
class Level:
    """Means over utterances: ``right`` of the likeliest shares, ``doubt`` of their entropies; ``none``: the share that
    is called none of the intents."""

    right: float
    doubt: float
    none: float


def unknown_share(before: Level, now: Level) -> float:
    """Of utterances with a wish that the model takes for another; those of ``before`` are not counted."""
    more = now.doubt - before.doubt - DOUBT_OF_NONE * max(0.0, now.none - before.none)
    return min(1.0, max(0.0, more / MORE_DOUBT))


def expected_accuracy(before: Level, now: Level, *, same_words: bool = True) -> float:
    """0 to 1. Never above what confidence alone expects. ``same_words``: they are recognised as surely as before."""
    return min(now.right, before.right * (1 - unknown_share(before, now))) if same_words else now.right
