"""Lines that are added to a call where it is filed, after it was: each once, whoever adds it how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class CallNote:
    """``key``: of whoever adds it, the same however often it is tried. ``text``: redacted. ``at_ms``: Unix epoch."""

    tenant: str
    contact_id: str
    key: str
    text: str
    at_ms: int


class CallNotes(Protocol):
    """Raises StorageUnavailable throughout."""

    def notes(self, tenant: str, contact_id: str) -> Sequence[CallNote]:
        """The earliest first, MOST_NOTES at most."""
        ...

    def add(self, note: CallNote) -> bool:
        """With the event by which it is filed, or not at all; False where it was added before. Raises ContactErased."""
        ...
