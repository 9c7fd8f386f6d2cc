"""For whom insights were made: no word of them, only how many of which kind. The words stay with their conversations
and are read there each time, so what is erased there is nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.core.errors import Retryable
from sotto.insights.insight import InsightKind


class InsightsChanged(Retryable):
    """Another process has written them meanwhile."""


@dataclass(frozen=True, slots=True)
class CustomerInsights:
    """``customer_id``: ours, opaque. ``known_by``: HMACs of what the customer is known by; ``contact_id``: where
    nothing else is known of them, the contact that was asked for. ``contacts``: those that were looked at."""

    tenant: str
    customer_id: str
    known_by: tuple[str, ...]
    contact_id: str
    contacts: tuple[str, ...]
    counts: Mapping[InsightKind, int]
    highest_impact: int
    made_at_ms: int
    version: int = 1

    def without(self, contact_id: str) -> CustomerInsights | None:
        """None where no contact is left. What was counted is not known any more without looking anew."""
        left = tuple(each for each in self.contacts if each != contact_id)
        if not left:
            return None
        return replace(self, contacts=left, counts={}, highest_impact=0, version=self.version + 1)


class InsightStore(Protocol):
    """Raises StorageUnavailable throughout."""

    def customer(self, tenant: str, customer_id: str) -> CustomerInsights | None: ...

    def replace(self, made: CustomerInsights, *, before: CustomerInsights | None) -> None:
        """Raises InsightsChanged where ``before`` is not what is stored."""
        ...

    def customers(self, tenant: str, after: str, limit: int) -> Sequence[CustomerInsights]:
        """By rising id, those after ``after`` (empty: from the first)."""
        ...

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[CustomerInsights]:
        """Those that this contact was looked at for."""
        ...

    def remove(self, made: CustomerInsights) -> None:
        """Raises InsightsChanged where it is not what is stored."""
        ...
