"""An example: an utterance, what it may be, who says so, and what people made of it.

Its words are redacted and live in the contact's own partition, sealed under the contact's key and gone with it. Nothing
else holds a copy of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

NONE_OF_THESE = "none_of_these"
"""The label of what is none of a tenant's intents, as heads call it (model_containers.shard.heads.classifier)."""
REGRESSION_SHARE = 0.2
"""One example in five is never learned from: releases are judged by it."""
_NOT_WORDS = re.compile(r"[\W_]+")


class Source(StrEnum):
    CORRECTION = "correction"
    """An agent or a reviewer said what it was."""
    SHADOW = "shadow"
    """The version in the shadow answered otherwise than the live one."""
    SILENT = "silent"
    """Nothing was shown; drawn evenly from all such utterances."""
    GROUP = "group"
    """One of a group of utterances that no intent was for, until somebody accepted or merged it."""

    @property
    def worth(self) -> int:
        """Of a look by a reviewer: where two versions differ first, then what somebody corrected, then the sample."""
        return {Source.SHADOW: 3, Source.CORRECTION: 2, Source.GROUP: 2, Source.SILENT: 1}[self]


class ExampleState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Vote:
    """``label`` empty: no example of anything. ``at_ms``: Unix epoch."""

    reviewer: str
    label: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Example:
    """``proposed``: the label that ``source`` gives, empty where it gives none. ``confidence``: the recogniser's, 0..1.
    ``consent``: by what the customer agreed to learning, for audit. ``label``: once accepted. ``votes``: one a person,
    the last that they gave. ``warnings``: of the automatic checks (sotto.learning.checks). ``is_regression``: never
    learned from. ``unsure``: how unsure models are of it, 0..1, as far as that was asked."""

    tenant: str
    contact_id: str
    utterance_id: str
    text: str
    source: Source
    at_ms: int
    consent: str
    proposed: str = ""
    proposed_by: str = ""
    confidence: float = 1.0
    state: ExampleState = ExampleState.OPEN
    label: str = ""
    votes: tuple[Vote, ...] = ()
    warnings: tuple[str, ...] = ()
    is_regression: bool = False
    unsure: float = 0.0
    version: int = 1

    @property
    def id(self) -> str:
        """Stands for the example in manifests. Nobody who does not know the contact learns which it was."""
        return hashlib.sha256(f"{self.tenant}\0{self.contact_id}\0{self.utterance_id}".encode()).hexdigest()[:24]

    @property
    def digest(self) -> str:
        """Of what is learned from it: the same id with other words or another label is another example."""
        return hashlib.sha256(f"{self.id}\0{normal(self.text)}\0{self.label}".encode()).hexdigest()[:24]


def normal(text: str) -> str:
    """Case, punctuation and spaces make no other example."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def is_for_regression(tenant: str, text: str) -> bool:
    """By the words alone, so that whatever is said twice is never on both sides, whenever and by whom it comes."""
    drawn = hashlib.sha256(f"regression\0{tenant}\0{normal(text)}".encode()).digest()
    return int.from_bytes(drawn[:4]) / 2**32 < REGRESSION_SHARE


def by_label(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """The words of each label, as a trainer takes them."""
    found: dict[str, list[str]] = {}
    for each in examples:
        found.setdefault(each.label, []).append(each.text)
    return {label: tuple(found[label]) for label in sorted(found)}
