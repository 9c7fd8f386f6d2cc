"""Decisions about consent in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections import defaultdict
from itertools import count

from sotto.aws import keys
from sotto.consent.rules import ConsentRecord


class ConsentsInMemory:
    """A ConsentLog. ``records``: of all contacts, as they were recorded."""

    def __init__(self) -> None:
        self.records: list[ConsentRecord] = []
        self._by_time: defaultdict[str, dict[int, ConsentRecord]] = defaultdict(dict)

    def record(self, record: ConsentRecord) -> None:
        """Two of one millisecond lie side by side."""
        stored = self._by_time[keys.of_contact(record.tenant, record.contact_id)]
        free_ms = next(at_ms for at_ms in count(record.decided_at_ms) if at_ms not in stored)
        stored[free_ms] = record
        self.records.append(record)

    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None:
        stored = self._by_time[keys.of_contact(tenant, contact_id)]
        return stored[max(stored)] if stored else None

    def decision(self, tenant: str, contact_id: str, decided_at_ms: int) -> ConsentRecord | None:
        return self._by_time[keys.of_contact(tenant, contact_id)].get(decided_at_ms)
