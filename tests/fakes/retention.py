"""How long records are kept, as a test wants it."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.core.subject_data import DataKind

A_WEEK_ON = 1_790_604_800


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """A Retention: every tenant's records until the same second (Unix epoch)."""

    at_s: int = A_WEEK_ON

    def expires_at(self, tenant: str, kind: DataKind | None = None) -> int:
        return self.at_s
