"""The unit that guidance works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sotto.call.contact import Speaker


@dataclass(frozen=True, slots=True)
class PrivateSpan:
    """Where something private was said: what kind, when (call time, ms) and where its mask stands in the text."""

    kind: str
    start_ms: float
    end_ms: float
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class DoubtfulWord:
    """A word of which the recogniser was not sure, by its place in the text; ``confidence`` 0..1."""

    start_char: int
    end_char: int
    confidence: float


def by_time(utterances: Iterable[Utterance]) -> list[Utterance]:
    """As a chat is read: a message that came late stands where it was written, and has a later number."""
    return sorted(utterances, key=lambda each: (each.start_ms, each.seq))


@dataclass(frozen=True, slots=True)
class Utterance:
    """Finals of one speaker joined until a pause or a change of speaker; the text is redacted.

    ``id`` is made of speaker and media time, so the same speech always gets the same id. ``seq`` counts 1, 2, 3...
    within the contact (0 while ``is_final`` is false). Times are call time in ms.
    """

    tenant: str
    contact_id: str
    id: str
    seq: int
    speaker: Speaker
    start_ms: int
    end_ms: int
    text: str
    is_final: bool = True
    confidence: float = 1.0
    private: tuple[PrivateSpan, ...] = ()
    doubtful: tuple[DoubtfulWord, ...] = ()
