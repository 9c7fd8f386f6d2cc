"""How long a tenant's records are kept."""

from __future__ import annotations

from typing import Protocol

from sotto.core.subject_data import DataKind


class Retention(Protocol):
    def expires_at(self, tenant: str, kind: DataKind | None = None) -> int:
        """Seconds since the Unix epoch at which a record written now may be removed (DynamoDB's TTL form). ``kind``: of
        what a tenant may keep for a time of its own; None for the contact itself and all that is only about it."""
        ...
