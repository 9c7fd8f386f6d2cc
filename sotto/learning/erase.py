"""What is erased of a contact is unlearned: its examples go with its words, and every version that learned from them is
trained anew before a deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sotto.core.clock import Clock
from sotto.core.subject_data import DataKind, ErasureStep
from sotto.learning.ports import SetStore

RETRAINED_WITHIN_MS = 30 * 86_400_000
"""A month, as long as the answer to a request may take (GDPR, article 12(3))."""


@dataclass(frozen=True, slots=True)
class LearnedEraser:
    """An Eraser of the lineage from a contact's examples to sets. The examples themselves are items of the contact's
    own partition."""

    sets: SetStore
    clock: Clock
    name: str = "learned-examples"
    step: ErasureStep = ErasureStep.INDEXES

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        due_ms = int(self.clock.now_ms()) + RETRAINED_WITHIN_MS
        return {"sets to be trained anew": self.sets.forget(tenant, contact_id, due_ms)}

    def left(self, tenant: str, contact_id: str) -> int:
        return len(self.sets.sets_of(tenant, contact_id))


@dataclass(frozen=True, slots=True)
class LearnedExporter:
    """An Exporter: in which sets something of the contact is. What it was is among the contact's records."""

    sets: SetStore
    name: str = "learned_from"

    def export(self, tenant: str, contact_id: str) -> object:
        found = self.sets.sets_of(tenant, contact_id)
        return [{"set": number, "examples": len(digests)} for number, digests in sorted(found.items())] or None


@dataclass(frozen=True, slots=True)
class LearnedExpirer:
    """An Expirer: whose examples those were is known no longer than the examples are kept; what learned from them is
    trained anew as after an erasure."""

    sets: SetStore
    clock: Clock
    kind: DataKind = DataKind.EXAMPLES

    def expire(self, tenant: str, written_before_ms: int, held: frozenset[str]) -> int:
        over = {contact_id for contact_id, made_at_ms in self.sets.members(tenant) if made_at_ms < written_before_ms}
        due_ms = int(self.clock.now_ms()) + RETRAINED_WITHIN_MS
        return sum(self.sets.forget(tenant, each, due_ms) for each in sorted(over - held))
