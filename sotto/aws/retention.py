"""How long a tenant's records are kept."""

from __future__ import annotations

from typing import Protocol


class Retention(Protocol):
    def expires_at(self, tenant: str) -> int:
        """Seconds since the Unix epoch at which a record written now may be removed (DynamoDB's TTL form)."""
        ...
