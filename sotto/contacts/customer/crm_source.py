"""What the company's systems of record know of who calls, beside Customer Profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class CrmSource(Protocol):
    def values(self, tenant: str, phone: str, *, until_ms: float) -> Mapping[str, str]:
        """By the names under which the tenant lists them; empty where nobody, or nobody in time, knows. ``phone``:
        E.164; ``until_ms``: of the monotonic clock. Never raises."""
        ...


class NoCrm:
    """A CrmSource of which nothing is asked."""

    def values(self, tenant: str, phone: str, *, until_ms: float) -> Mapping[str, str]:
        return {}
