"""The history of a model's releases: every change of what answers calls, with who made it and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ReleaseEvent(StrEnum):
    PUBLISHED = "published"
    PUT_IN_SHADOW = "put in the shadow"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    ROLLED_BACK = "rolled back"
    SPLIT = "split"
    SHADOW_ENDED = "shadow ended"


@dataclass(frozen=True, slots=True)
class Because:
    """``who``: as AWS knows the credentials, the only thing about a person. ``at_ms``: Unix time."""

    who: str
    why: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Trained:
    """``data``: a digest of what it was trained from. ``gates``: metric -> what was asked of it, at least."""

    data: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """One entry. ``version``: the one that was published, pinned, rolled back or put on trial. ``preferred`` is so
    since this change, instead of ``replaced``; both are empty where the change left what was preferred."""

    tenant: str
    model: str
    version: str
    event: ReleaseEvent
    because: Because
    preferred: str = ""
    replaced: str = ""
    trained: Trained = Trained()
