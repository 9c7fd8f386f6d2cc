"""Decisions about consent, in memory; ``kept`` is for tests that keep text beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sotto.consent.rules import ConsentRecord


@dataclass
class ConsentsInMemory:
    """A ConsentLog."""

    records: list[ConsentRecord] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def record(self, record: ConsentRecord) -> None:
        self.records.append(record)

    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None:
        mine = [each for each in self.records if (each.tenant, each.contact_id) == (tenant, contact_id)]
        return mine[-1] if mine else None
