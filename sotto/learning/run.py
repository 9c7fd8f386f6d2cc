"""A training run, from a set to a version that answers calls: what is done of it is stored, so that it goes on wherever
it was interrupted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """In this order, as far as a run gets."""

    SET = "set"
    """The set is kept; training may run, and may have died."""
    TRAINED = "trained"
    JUDGED = "judged"
    """Its release card is written; it passed, and waits for approval where the tenant wants that."""
    APPROVED = "approved"
    SHADOW = "shadow"
    TRIAL = "trial"
    """It answers ``percent`` of the calls."""
    LIVE = "live"
    FAILED = "failed"
    """It did not pass its gates, or cannot be trained; ``why`` says it."""
    REFUSED = "refused"
    """Somebody did not approve it."""
    TAKEN_BACK = "taken_back"

    @property
    def is_over(self) -> bool:
        return self in (Stage.LIVE, Stage.FAILED, Stage.REFUSED, Stage.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Run:
    """``number``: of its set. ``release``: the version that came of it; ``replaces``: the one that was live then.
    ``card``: the release card, as JSON. ``who``: approved or refused it. Times are Unix epoch."""

    tenant: str
    number: int
    model: str
    stage: Stage
    began_at_ms: int
    changed_at_ms: int
    release: str = ""
    replaces: str = ""
    percent: int = 0
    who: str = ""
    why: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
